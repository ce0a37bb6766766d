package fanout.outcome;

import java.util.Locale;

/** Why a crawl ended early. */
public enum CancelReason {
    /** The job's {@code maxDuration} was reached. */
    DEADLINE,
    /** Somebody asked for it: a signal, {@code drain()}, {@code cancel()}, an interrupt. */
    INTERRUPTED,
    /** A sink failed, or the program itself did. */
    ABORTED;

    /** The name as reports and metrics spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
