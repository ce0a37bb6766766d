package fanout.outcome;

/** Why a crawl ended early: the reasons that {@link Cancelled} takes. */
public enum CancelReason {
    /** The job's {@code maxDuration} was reached. */
    DEADLINE(Reason.DEADLINE),
    /** The crawl was asked to end: by a signal, {@code drain()}, {@code cancel()} or an interrupt. */
    INTERRUPTED(Reason.INTERRUPTED),
    /** A sink failed, or the program itself did. */
    ABORTED(Reason.ABORTED);

    private final Reason reason;

    CancelReason(Reason reason) {
        this.reason = reason;
    }

    /** The same among all reasons. */
    public Reason reason() {
        return reason;
    }
}
