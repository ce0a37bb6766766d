package fanout.internal.fetch;

import fanout.page.OpenSession;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.url.CanonicalUrl;
import java.util.function.Predicate;

/**
 * What to get, and how much of it.
 *
 * @param details method, headers and body of the request
 * @param accept the media types that are asked for (RFC 9110, section 12.5.1), unless the job's own headers do
 * @param wantsBody whether to read the body of a response with this head; one that is not wanted is not read
 * @param maxBodyBytes decoded bytes; a fetcher reads fewer if its memory holds no more of one body
 * @param overflow what to do with a longer body
 * @param files which bodies become files as they arrive, rather than being read into memory
 * @param session under which it is sent
 */
public record FetchRequest(
        CanonicalUrl url,
        Request.Details details,
        String accept,
        Predicate<ResponseHead> wantsBody,
        long maxBodyBytes,
        Overflow overflow,
        BodyFiles.Choice files,
        OpenSession session) {

    /** A request without a session. */
    public FetchRequest(CanonicalUrl url, Request.Details details, String accept, Predicate<ResponseHead> wantsBody,
            long maxBodyBytes, Overflow overflow) {
        this(url, details, accept, wantsBody, maxBodyBytes, overflow, BodyFiles.Choice.NONE, OpenSession.NONE);
    }

    /** A plain GET. */
    public FetchRequest(CanonicalUrl url, String accept, Predicate<ResponseHead> wantsBody, long maxBodyBytes,
            Overflow overflow) {
        this(url, Request.Details.NONE, accept, wantsBody, maxBodyBytes, overflow);
    }

    public FetchRequest {
        if (maxBodyBytes < 1) {
            throw new IllegalArgumentException("maxBodyBytes must be positive: " + maxBodyBytes);
        }
    }

    /** Returns the same under a session. */
    public FetchRequest under(OpenSession other) {
        return other.equals(session) ? this
                : new FetchRequest(url, details, accept, wantsBody, maxBodyBytes, overflow, files, other);
    }

    /** Returns the same, of which some bodies become files. */
    public FetchRequest keeping(BodyFiles.Choice choice) {
        return new FetchRequest(url, details, accept, wantsBody, maxBodyBytes, overflow, choice, session);
    }

    /** What becomes of a body that is longer than wanted. */
    public enum Overflow {
        /** The attempt fails. */
        FAIL,
        /** The first {@code maxBodyBytes} are delivered. */
        TRUNCATE
    }
}
