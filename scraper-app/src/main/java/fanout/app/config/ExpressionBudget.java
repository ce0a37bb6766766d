package fanout.app.config;

import fanout.app.config.document.Position;
import fanout.app.config.document.Problems;

/**
 * How much of patterns and selectors a job may have, all of them together: compiled, each of their characters takes some hundred
 * bytes and a part of the time of every page. Not thread-safe.
 */
final class ExpressionBudget {

    /** Characters, where a counted repetition stands for as many characters as it makes. */
    static final long MOST = 200_000;

    /** What the smallest expression takes. */
    private static final int EACH = 20;

    private final Problems problems;
    private long spent;

    ExpressionBudget(Problems problems) {
        this.problems = problems;
    }

    /** Takes an expression of this size; false, with a problem for the first one, if it is too much. */
    boolean take(Position at, long size) {
        boolean wasEnough = spent <= MOST;
        spent += EACH + size;
        if (spent > MOST && wasEnough) {
            problems.add(at, "the patterns and selectors of a job come to more than " + MOST + " characters here, with "
                    + EACH + " for each and counted repetitions written out; split the job, or write fewer patterns");
        }
        return spent <= MOST;
    }
}
