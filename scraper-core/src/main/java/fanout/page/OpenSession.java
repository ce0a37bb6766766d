package fanout.page;

import fanout.internal.annotation.Internal;
import fanout.url.CanonicalUrl;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The session under which a request is sent. Immutable; its text shows none of what it holds.
 *
 * @param number of the login that gave it, from 1 on; 0 without a session
 * @param isOpening whether the request is a step of that login: cookies that its response sets are the session's
 * @param origins to which the session's cookies and headers go, as {@link CanonicalUrl#origin} spells them
 * @param headers of requests to these origins, with references instead of secrets
 * @param refersToSecrets whether the headers refer to secrets, see {@link Request.References}
 */
@Internal
public record OpenSession(
        long number,
        boolean isOpening,
        Set<String> origins,
        Map<String, String> headers,
        boolean refersToSecrets) {

    /** Of a request that belongs to no session. */
    public static final OpenSession NONE = new OpenSession(0, false, Set.of(), Map.of());

    public OpenSession {
        origins = Set.copyOf(origins);
        headers = Map.copyOf(headers);
    }

    /** A session whose headers refer to no secret. */
    public OpenSession(long number, boolean isOpening, Set<String> origins, Map<String, String> headers) {
        this(number, isOpening, origins, headers, false);
    }

    /** Returns the session of the steps of a login. */
    public static OpenSession opening(long number, Set<String> origins) {
        return new OpenSession(number, true, origins, Map.of());
    }

    /** Returns the same with the origin of another step. */
    public OpenSession alsoAt(CanonicalUrl step) {
        Set<String> all = new HashSet<>(origins);
        all.add(step.origin());
        return new OpenSession(number, isOpening, all, headers, refersToSecrets);
    }

    /** Returns whether the session's cookies and headers go to this URL. */
    public boolean covers(CanonicalUrl url) {
        return !origins.isEmpty() && origins.contains(url.origin());
    }

    @Override
    public String toString() {
        return "session " + number;
    }
}
