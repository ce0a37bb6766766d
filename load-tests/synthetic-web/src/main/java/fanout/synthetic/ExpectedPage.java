package fanout.synthetic;

import java.util.Optional;

/**
 * What a correct crawl finds at a URL.
 *
 * @param url in canonical spelling
 * @param kind what the crawl ends with there
 * @param status the last answer's status; 0 where no complete answer comes
 * @param title of an ok page, as a reader sees it; empty for others
 * @param redirectUrl where the URL redirects to
 */
public record ExpectedPage(String url, Kind kind, int status, String title, Optional<String> redirectUrl) {

    /** What a crawl ends with at a URL. */
    public enum Kind {
        /** A page; a flaky one is ok for a client that tries often enough. */
        OK,
        REDIRECTED,
        /** The redirects that begin here never end. */
        REDIRECT_LOOP,
        /** An error status, at every attempt. */
        HTTP_STATUS,
        /** Reset or closed early, at every attempt. */
        CONNECTION,
        /** Silent, or too slow for any sane timeout. */
        TIMEOUT,
        /** Larger than a crawl reads. */
        TOO_LARGE,
        /** Not to be fetched, says robots.txt. */
        DISALLOWED
    }
}
