package fanout.simulation;

import java.util.Map;
import java.util.function.BiFunction;

/**
 * Runs seeds until one breaks a promise, in the program or the mutant in which it is loaded: given the first seed and
 * the most seeds to run, it answers the one that does and the first complaint, or nothing.
 */
final class SeedRunPort implements BiFunction<Long, Long, Map<Long, String>> {

    @Override
    public Map<Long, String> apply(Long first, Long seeds) {
        return new SeedRun(first, seeds).run().broken(first);
    }
}
