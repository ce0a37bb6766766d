package fanout.simulation;

import java.util.Map;
import java.util.function.LongFunction;

/**
 * Runs seeds from 0 until one breaks a promise, in the program or the mutant in which it is loaded: given the most
 * seeds to run, it answers the number that it took and the first complaint, or nothing.
 */
final class SeedRunPort implements LongFunction<Map<Long, String>> {

    @Override
    public Map<Long, String> apply(long seeds) {
        SeedRun.Found found = new SeedRun(0, seeds).run();
        return found.complaints().isEmpty() ? Map.of() : Map.of(found.seeds(), found.complaints().getFirst());
    }
}
