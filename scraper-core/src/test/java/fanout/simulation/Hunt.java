package fanout.simulation;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** Runs seeds, one after the other, until one breaks a promise. Says how far it is, if that takes long. */
final class Hunt {

    private static final long SAYS_EVERY = Duration.ofSeconds(10).toNanos();

    private final long first;
    private final long seeds;

    Hunt(long first, long seeds) {
        this.first = first;
        this.seeds = seeds;
    }

    /**
     * What came of it.
     *
     * @param seeds that were run, the bad one included
     */
    record Found(long seeds, OptionalLong badSeed) {}

    Found run() {
        long began = System.nanoTime();
        long said = began;
        for (long seed = first; seed < first + seeds; seed++) {
            if (!Verdict.on(Simulation.of(seed, Trace.fingerprint())).isGood()) {
                return new Found(seed - first + 1, OptionalLong.of(seed));
            }
            long now = System.nanoTime();
            if (now - said > SAYS_EVERY) {
                said = now;
                System.out.printf(Locale.ROOT, "%,d of %,d seeds, %,.0f a second%n", seed - first + 1, seeds,
                        (seed - first + 1) * 1e9 / (now - began));
            }
        }
        return new Found(seeds, OptionalLong.empty());
    }
}
