package fanout.simulation;

/**
 * A moment of a simulation.
 *
 * @param time nanoseconds since it began
 * @param slipped how much of that passed although some thread could run
 */
record Moment(long time, long slipped) {

    /** Time in which everybody waited. If it is later than at an event, whatever the event made possible has been done. */
    long settled() {
        return time - slipped;
    }

    @Override
    public String toString() {
        return Trace.seconds(time);
    }
}
