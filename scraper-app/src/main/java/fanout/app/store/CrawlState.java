package fanout.app.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far a crawl of the service is. */
public enum CrawlState {
    /** It waits for its turn. */
    QUEUED,
    /** It crawls. */
    RUNNING,
    /** It was asked to end, and what is in flight ends. */
    DRAINING,
    /** It was running at two unclean ends of the service in a row, and waits until a person continues or cancels it. */
    HELD,
    /** It has ended by itself: nothing was left, or a limit was reached. */
    FINISHED,
    /** An output or the program failed. */
    FAILED,
    /** It was asked to end, and has. */
    CANCELLED,
    /** The service ended before the crawl did, and it cannot resume. */
    LOST;

    /** Whether nothing more will happen to the crawl by itself. */
    public boolean isEnded() {
        return switch (this) {
            case QUEUED, RUNNING, DRAINING, HELD -> false;
            case FINISHED, FAILED, CANCELLED, LOST -> true;
        };
    }

    /** The name as the API spells it: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of a label. */
    public static Optional<CrawlState> of(String label) {
        return Arrays.stream(values()).filter(state -> state.label().equals(label)).findFirst();
    }
}
