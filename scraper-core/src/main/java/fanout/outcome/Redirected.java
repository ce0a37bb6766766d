package fanout.outcome;

import fanout.page.Attempt;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.Optional;

/**
 * A redirect whose target is a URL of its own.
 *
 * @param target as the server gave it
 * @param known the URL by which the crawl knows the target, if that is another: one without the parameters that the job
 *     drops
 */
public record Redirected(Request request, Trail trail, CanonicalUrl target, Optional<CanonicalUrl> known)
        implements Outcome {

    /** The outcome's name. */
    public static final String NAME = "redirected";

    /** A redirect whose target is known by its own URL. */
    public Redirected(Request request, Trail trail, CanonicalUrl target) {
        this(request, trail, target, Optional.empty());
    }

    /** The same redirect, whose target is known by this URL. */
    public Redirected knownAs(CanonicalUrl url) {
        return new Redirected(request, trail, target, Optional.of(url).filter(other -> !other.equals(target)));
    }

    /** The request for the target, as {@link Request#redirectedTo} makes it. */
    public Request next() {
        int status = trail.last().flatMap(Attempt::head).map(ResponseHead::status).orElse(0);
        Request next = request.redirectedTo(target, status);
        return known.map(url -> next.with(next.details().knownAs(url))).orElse(next);
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
