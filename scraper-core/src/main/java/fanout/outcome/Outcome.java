package fanout.outcome;

import fanout.page.Request;
import fanout.page.Trail;
import java.util.Optional;

/** What became of a discovered URL. Every URL that a crawl discovers gets exactly one. Immutable. */
public sealed interface Outcome permits Fetched, Redirected, Failed, Skipped, Cancelled {

    /** The URL, and how the crawl found it. */
    Request request();

    /** The requests that were made for it. */
    Trail trail();

    /**
     * The word in reports and metrics: {@code ok}, {@code redirected}, {@code failed}, {@code skipped},
     * {@code cancelled}.
     */
    String name();

    /** Why, in one stable word; empty for ok and redirected. */
    Optional<Reason> reason();

    /** Why, in words for people; may be empty, and may quote the web. */
    Optional<String> detail();
}
