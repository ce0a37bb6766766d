package fanout.simulation;

/** How a run ended. */
enum End {
    /** Every thread has ended. */
    ALL_ENDED,
    /** No thread can run, and no time can help. */
    DEADLOCK,
    /** More steps than any crawl of this size needs. */
    LIVELOCK,
    /** A thread waits for the machine's clock, or for a thread that is not simulated. */
    NOT_SIMULATED
}
