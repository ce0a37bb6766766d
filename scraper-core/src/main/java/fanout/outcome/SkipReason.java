package fanout.outcome;

/** Why a URL was skipped: the reasons that {@link Skipped} takes. */
public enum SkipReason {
    /** robots.txt forbids it, or could not be read although the host answers. */
    ROBOTS(Reason.ROBOTS),
    /** The host failed too often. */
    CIRCUIT_OPEN(Reason.CIRCUIT_OPEN),
    /** The page budget was used up. */
    BUDGET(Reason.BUDGET),
    /** An interceptor of the program refused the request, or a secret in its body does not go there. */
    REFUSED(Reason.REFUSED);

    private final Reason reason;

    SkipReason(Reason reason) {
        this.reason = reason;
    }

    /** The same among all reasons. */
    public Reason reason() {
        return reason;
    }
}
