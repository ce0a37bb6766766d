package fanout.outcome;

import java.util.Locale;

/** Why a URL was skipped. */
public enum SkipReason {
    /** robots.txt forbids it, or could not be read although the host answers. */
    ROBOTS,
    /** The host failed too often. */
    CIRCUIT_OPEN,
    /** The page budget was used up. */
    BUDGET;

    /** The name as reports and metrics spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
