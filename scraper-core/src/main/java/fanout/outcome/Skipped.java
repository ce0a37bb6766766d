package fanout.outcome;

import fanout.page.Request;
import fanout.page.Trail;
import java.util.Optional;

/** The crawl's rules kept the URL from being tried, or from being tried again. */
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
