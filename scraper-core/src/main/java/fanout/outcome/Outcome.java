package fanout.outcome;

import fanout.page.Request;
import fanout.page.Trail;
import java.util.Optional;

/** What became of a discovered URL. Every URL that a crawl discovers gets exactly one. */
public sealed interface Outcome permits Fetched, Redirected, Failed, Skipped, Cancelled {

    Request request();

    Trail trail();

    /** The word that reports and metrics use: {@code ok}, {@code redirected}, {@code failed}, {@code skipped}, {@code cancelled}. */
    String name();

    /** Why, in one stable word; empty for ok and redirected. */
    Optional<String> reason();

    /** Why, in words for people; may be empty. */
    Optional<String> detail();
}
