package fanout.outcome;

import fanout.page.Attempt;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.Optional;

/** A redirect whose target is a URL of its own. */
public record Redirected(Request request, Trail trail, CanonicalUrl target) implements Outcome {

    /** The outcome's name. */
    public static final String NAME = "redirected";

    /** The request for the target, as {@link Request#redirectedTo} makes it. */
    public Request next() {
        return request.redirectedTo(target, trail.last().flatMap(Attempt::head).map(ResponseHead::status).orElse(0));
    }

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
