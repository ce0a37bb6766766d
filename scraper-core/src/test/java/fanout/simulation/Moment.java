package fanout.simulation;

/**
 * A moment of a simulation.
 *
 * @param time nanoseconds since it began
 * @param slipped how much of that passed although some thread could run
 */
record Moment(long time, long slipped) {

    /** Some workers' parses, each of which waits for 50 microseconds after it has taken five milliseconds. */
    private static final long PAUSES = 500_000;

    /**
     * Whether all threads have come to rest since the other moment, and waited for the clock: all that that moment made
     * possible has been done by then. On a slow machine a parse lets others run now and then, which is no rest.
     */
    boolean isSettledAfter(Moment other) {
        long slip = Math.max(0, slipped - other.slipped);
        long pauses = slipped == 0 ? 0 : PAUSES + slip / 10;
        return time - other.time - slip > pauses;
    }

    /** The same of a moment of which is known only when it came by the clock. */
    boolean isSettledAfter(long otherTime) {
        return isSettledAfter(new Moment(otherTime, 0));
    }

    /** How much slipped between the other moment and this one. */
    long slippedSince(Moment other) {
        return slipped - other.slipped;
    }

    /** So much rest later. */
    Moment plus(long nanos) {
        return new Moment(time + nanos, slipped);
    }

    static Moment later(Moment one, Moment other) {
        return one.time >= other.time ? one : other;
    }

    @Override
    public String toString() {
        return Trace.seconds(time);
    }
}
