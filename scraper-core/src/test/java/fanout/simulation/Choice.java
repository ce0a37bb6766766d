package fanout.simulation;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** How the next thread is chosen. */
enum Choice {
    /** Every one that can run is as likely as another. */
    UNIFORM {
        @Override
        SimulatedThread next(List<SimulatedThread> able, SplittableRandom random) {
            return able.get(random.nextInt(able.size()));
        }
    },
    /** The first by a priority drawn for each, and drawn anew now and then: some are held back for long. */
    PRIORITY {
        @Override
        SimulatedThread next(List<SimulatedThread> able, SplittableRandom random) {
            SimulatedThread first =
                    able.stream().max(Comparator.comparingLong(thread -> thread.priority)).orElseThrow();
            if (random.nextInt(CHANGES_EVERY) == 0) {
                first.priority = random.nextLong();
            }
            return first;
        }
    };

    private static final int CHANGES_EVERY = 40;

    /** One of those that can run, of which there is at least one. */
    abstract SimulatedThread next(List<SimulatedThread> able, SplittableRandom random);
}
