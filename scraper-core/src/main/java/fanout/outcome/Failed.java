package fanout.outcome;

import fanout.page.Request;
import fanout.page.Trail;
import java.util.Optional;

/** The URL was tried as often as the job allows, and did not yield a page. */
public record Failed(Request request, Trail trail, Failure failure) implements Outcome {

    /** The outcome's name. */
    public static final String NAME = "failed";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Reason> reason() {
        return Optional.of(failure.reason());
    }

    @Override
    public Optional<String> detail() {
        return Optional.of(failure.detail());
    }
}
