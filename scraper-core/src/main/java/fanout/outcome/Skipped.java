package fanout.outcome;

import fanout.page.Request;
import fanout.page.Trail;
import java.util.Optional;

/** The URL was not tried (any more), because the crawl's rules say so. */
public record Skipped(Request request, Trail trail, SkipReason why, Optional<String> detail) implements Outcome {

    /** The outcome's name. */
    public static final String NAME = "skipped";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Reason> reason() {
        return Optional.of(why.reason());
    }
}
