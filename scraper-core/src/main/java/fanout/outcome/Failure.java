package fanout.outcome;

import java.time.Duration;

/** Why an attempt did not yield a page. A value and not an exception, because a crawl expects failures. Immutable. */
public sealed interface Failure {

    /** The failure in words for people. It quotes the web only where a record says so. */
    String detail();

    /** The stable word for reports and metrics. */
    default Reason reason() {
        return switch (this) {
            case HttpStatus _ -> Reason.HTTP_STATUS;
            case TimedOut _ -> Reason.TIMEOUT;
            case Dns _ -> Reason.DNS;
            case Connection _,StaleConnection _ -> Reason.CONNECTION;
            case Tls _ -> Reason.TLS;
            case Protocol _ -> Reason.PROTOCOL;
            case BodyTooLarge _ -> Reason.BODY_TOO_LARGE;
            case TooManyRedirects _ -> Reason.TOO_MANY_REDIRECTS;
            case BadRedirect _ -> Reason.BAD_REDIRECT;
            case PrivateAddress _ -> Reason.PRIVATE_ADDRESS;
            case Parse _ -> Reason.PARSE;
            case SessionRefused _ -> Reason.SESSION;
            case RobotsUnreachable robots -> robots.cause().reason();
        };
    }

    /** Whether another attempt may succeed. */
    default boolean isRetryable() {
        return switch (this) {
            case HttpStatus http -> http.isTransient();
            case TimedOut timeout -> timeout.stage() != Stage.PARSE && timeout.stage() != Stage.MEMORY;
            case Dns _,Connection _,StaleConnection _ -> true;
            case Tls _,Protocol _,BodyTooLarge _,TooManyRedirects _,BadRedirect _,PrivateAddress _,Parse _,RobotsUnreachable _,SessionRefused _ ->
                    false;
        };
    }

    /** A status that is neither 2xx nor a redirect. */
    record HttpStatus(int status) implements Failure {

        /** Whether the status names a condition that may pass. */
        boolean isTransient() {
            return switch (status) {
                case 408, 429, 500, 502, 503, 504 -> true;
                default -> false;
            };
        }

        @Override
        public String detail() {
            return "HTTP status " + status;
        }
    }

    /**
     * A deadline passed.
     *
     * @param stage the one that was waiting when it did
     */
    record TimedOut(Stage stage, Duration limit) implements Failure {

        @Override
        public String detail() {
            String missing = stage == Stage.MEMORY ? "no memory permit" : "no end of " + stage.label();
            return missing + " within " + limit.toMillis() + " ms";
        }
    }

    /** The host name has no address, or the lookup failed. */
    record Dns(String detail) implements Failure {}

    /** The connection was refused, reset, unreachable, or closed before the response was complete. */
    record Connection(String detail) implements Failure {}

    /**
     * The server had closed a connection that was kept for reuse, and says so by not answering at all. The server has
     * not seen the request: it is repeated without being counted, on the host's next turn.
     */
    record StaleConnection() implements Failure {

        @Override
        public String detail() {
            return "the server had closed the connection before it was used again";
        }
    }

    /** No trustworthy TLS session. */
    record Tls(String detail) implements Failure {}

    /** The response is not valid HTTP. */
    record Protocol(String detail) implements Failure {}

    /**
     * The decoded body is too long.
     *
     * @param maxBytes the limit
     * @param isOfMemory whether it is what the memory of this process holds of one body, and not the job's
     */
    record BodyTooLarge(long maxBytes, boolean isOfMemory) implements Failure {

        /** Longer than the job allows. */
        public BodyTooLarge(long maxBytes) {
            this(maxBytes, false);
        }

        @Override
        public String detail() {
            return "body longer than " + maxBytes + " bytes" + (isOfMemory
                    ? ", which is what the memory of this process holds of one body, and not the job's limit: give it "
                            + "more heap (-Xmx)"
                    : "");
        }
    }

    /** The chain of redirects is longer than the job allows. */
    record TooManyRedirects(int maxRedirects) implements Failure {

        @Override
        public String detail() {
            return "more than " + maxRedirects + " redirects";
        }
    }

    /** A redirect without a usable target: no Location, malformed, or not http(s). The detail quotes the web. */
    record BadRedirect(String detail) implements Failure {}

    /** The host (or the proxy) has an address that the job does not allow. */
    record PrivateAddress(String detail) implements Failure {}

    /** The body could not be parsed, or a user's extractor threw. */
    record Parse(String detail) implements Failure {}

    /** Two sessions in a row were answered as if they had expired, while other requests of the second were served. */
    record SessionRefused() implements Failure {

        @Override
        public String detail() {
            return "two sessions in a row got a response that the job's session.expired holds for";
        }
    }

    /** The host's robots.txt could not be read, and its URLs fail for the same cause (RFC 9309, section 2.3.1.4). */
    record RobotsUnreachable(Failure cause) implements Failure {

        @Override
        public String detail() {
            return "robots.txt: " + cause.detail();
        }
    }
}
