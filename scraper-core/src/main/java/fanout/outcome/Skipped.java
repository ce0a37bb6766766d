package fanout.outcome;

import fanout.page.Request;
import fanout.page.Trail;
import java.util.Optional;

/** The URL was not tried (any more), because the crawl's rules say so. */
public record Skipped(Request request, Trail trail, SkipReason why, Optional<String> detail) implements Outcome {

    @Override
    public String name() {
        return "skipped";
    }

    @Override
    public Optional<String> reason() {
        return Optional.of(why.label());
    }
}
