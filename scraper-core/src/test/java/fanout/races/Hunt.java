package fanout.races;

/**
 * A search through the schedules of a few threads for one that breaks a promise of the code. Made by its constructor
 * without parameters, in a JVM of its own: see {@link HuntingJvm}.
 */
public interface Hunt {

    /** Searches; returns if it found nothing, and throws what it found. */
    void run(Effort effort);

    /**
     * How long to search.
     *
     * @param scenarios how many programs of a few calls to make up, where a hunt makes them up
     * @param schedules how many schedules of each to try, at most
     */
    record Effort(int scenarios, int schedules) {

        public Effort {
            if (scenarios < 1 || schedules < 1) {
                throw new IllegalArgumentException(scenarios + " scenarios, " + schedules + " schedules");
            }
        }
    }
}
