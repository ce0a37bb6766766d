package fanout.outcome;

import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.Optional;

/** A redirect whose target is a URL of its own. */
public record Redirected(Request request, Trail trail, CanonicalUrl target) implements Outcome {

    /** The outcome's name. */
    public static final String NAME = "redirected";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Reason> reason() {
        return Optional.empty();
    }

    @Override
    public Optional<String> detail() {
        return Optional.empty();
    }
}
