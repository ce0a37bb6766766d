package fanout.journal;

import fanout.outcome.Counts;
import java.time.Duration;

/**
 * The end of a group.
 *
 * @param position of the sinks, which hold the outcomes of all groups up to this one, and no other
 * @param counts so far, over all runs
 * @param elapsed since the run began
 */
record Commit(Position position, Counts counts, Duration elapsed) {}
