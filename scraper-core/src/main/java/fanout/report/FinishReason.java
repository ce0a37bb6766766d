package fanout.report;

/** Why a crawl ended. */
public enum FinishReason {
    /** Nothing was left to fetch. */
    EXHAUSTED("exhausted"),
    /** The page budget was used up. */
    MAX_PAGES("maxPages"),
    /** The job's deadline was reached. */
    MAX_DURATION("maxDuration"),
    /** The crawl was asked to end: by a signal, {@code drain()}, {@code cancel()} or an interrupt. */
    INTERRUPTED("interrupted"),
    /** A sink failed, or the program itself did. */
    FAILED("failed");

    private final String label;

    FinishReason(String label) {
        this.label = label;
    }

    /** The name as reports spell it. */
    public String label() {
        return label;
    }
}
