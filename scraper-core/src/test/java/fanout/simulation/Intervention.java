package fanout.simulation;

import java.time.Duration;

/**
 * What a user does to a crawl, and when. Immutable.
 *
 * @param at since the simulation began
 * @param yields times that other threads may run in between
 */
record Intervention(Kind kind, Duration at, int yields) {

    /** What the user does. */
    enum Kind {
        DRAIN, CANCEL, INTERRUPT, LOOK
    }

    /** An intervention that has happened. */
    record Happened(Kind kind, Moment at) {}
}
