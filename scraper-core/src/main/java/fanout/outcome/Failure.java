package fanout.outcome;

import fanout.task.Stage;
import java.time.Duration;

/** Why an attempt did not yield a page. Expected, therefore a value and not an exception. */
public sealed interface Failure {

    /** The stable word for reports and metrics. */
    String reason();

    /** The same in words for people. Carries text from the web only where a record says so. */
    String detail();

    /** Whether another attempt may go better. */
    boolean isRetryable();

    /** A status that is neither 2xx nor a redirect. */
    record HttpStatus(int status) implements Failure {
        @Override
        public String reason() {
            return "http_status";
        }

        @Override
        public String detail() {
            return "HTTP status " + status;
        }

        @Override
        public boolean isRetryable() {
            return switch (status) {
                case 408, 429, 500, 502, 503, 504 -> true;
                default -> false;
            };
        }
    }

    /** A deadline passed; the stage is the one that was waiting when it did. */
    record TimedOut(Stage stage, Duration limit) implements Failure {
        @Override
        public String reason() {
            return "timeout";
        }

        @Override
        public String detail() {
            String missing = stage == Stage.MEMORY ? "no room in memory" : "no end of " + stage.label();
            return missing + " within " + limit.toMillis() + " ms";
        }

        @Override
        public boolean isRetryable() {
            return stage != Stage.PARSE && stage != Stage.MEMORY;
        }
    }

    /** The host name has no address, or the lookup failed. */
    record Dns(String detail) implements Failure {
        @Override
        public String reason() {
            return "dns";
        }

        @Override
        public boolean isRetryable() {
            return true;
        }
    }

    /** Refused, reset, unreachable, or closed before the response was complete. */
    record Connection(String detail) implements Failure {
        @Override
        public String reason() {
            return "connection";
        }

        @Override
        public boolean isRetryable() {
            return true;
        }
    }

    /**
     * A connection that was kept for reuse had been closed by the server, which says so by not answering at all. The request
     * never reached anybody: it is repeated without being counted, on the host's next turn.
     */
    record StaleConnection() implements Failure {
        @Override
        public String reason() {
            return "connection";
        }

        @Override
        public String detail() {
            return "the server had closed the connection before it was used again";
        }

        @Override
        public boolean isRetryable() {
            return true;
        }
    }

    /** No trustworthy TLS session. */
    record Tls(String detail) implements Failure {
        @Override
        public String reason() {
            return "tls";
        }

        @Override
        public boolean isRetryable() {
            return false;
        }
    }

    /** Not valid HTTP. */
    record Protocol(String detail) implements Failure {
        @Override
        public String reason() {
            return "protocol";
        }

        @Override
        public boolean isRetryable() {
            return false;
        }
    }

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
        public String reason() {
            return "body_too_large";
        }

        @Override
        public String detail() {
            return "body longer than " + maxBytes + " bytes" + (isOfMemory
                    ? ", which is what the memory of this process holds of one body, and not the job's limit: give it more heap (-Xmx)"
                    : "");
        }

        @Override
        public boolean isRetryable() {
            return false;
        }
    }

    /** The chain of redirects is longer than the job allows. */
    record TooManyRedirects(int maxRedirects) implements Failure {
        @Override
        public String reason() {
            return "too_many_redirects";
        }

        @Override
        public String detail() {
            return "more than " + maxRedirects + " redirects";
        }

        @Override
        public boolean isRetryable() {
            return false;
        }
    }

    /** A redirect without a usable target: no Location, malformed, or not http(s). The detail quotes the web. */
    record BadRedirect(String detail) implements Failure {
        @Override
        public String reason() {
            return "bad_redirect";
        }

        @Override
        public boolean isRetryable() {
            return false;
        }
    }

    /** The host (or the proxy) has an address that the job does not allow. */
    record PrivateAddress(String detail) implements Failure {
        @Override
        public String reason() {
            return "private_address";
        }

        @Override
        public boolean isRetryable() {
            return false;
        }
    }

    /** The body could not be parsed, or a user's extractor threw. */
    record Parse(String detail) implements Failure {
        @Override
        public String reason() {
            return "parse";
        }

        @Override
        public boolean isRetryable() {
            return false;
        }
    }

    /** The host's robots.txt could not be read; the URL shares its fate (RFC 9309, section 2.3.1.4). */
    record RobotsUnreachable(Failure cause) implements Failure {
        @Override
        public String reason() {
            return cause.reason();
        }

        @Override
        public String detail() {
            return "robots.txt: " + cause.detail();
        }

        @Override
        public boolean isRetryable() {
            return false;
        }
    }
}
