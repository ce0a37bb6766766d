package fanout;

import fanout.report.CrawlFailure;
import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** What remained when a crawl's workers had ended was not written in time. A sink's own timeouts are none of these. */
final class FlushTimeoutException extends TimeoutException {

    @Serial
    private static final long serialVersionUID = 1;

    FlushTimeoutException(Duration flushTimeout) {
        super("what remained was not written within " + flushTimeout.toMillis() + " ms");
    }

    private FlushTimeoutException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }

    /** Returns the same with what the sink said when it was interrupted, if it said something. */
    FlushTimeoutException because(Throwable said) {
        return said.getMessage() == null ? this
                : new FlushTimeoutException(getMessage() + ": " + said.getMessage(), said);
    }

    /** Whether it is what made a crawl fail. */
    static boolean isIn(Optional<CrawlFailure> failure) {
        return failure.filter(cause -> cause.cause() instanceof FlushTimeoutException).isPresent();
    }
}
