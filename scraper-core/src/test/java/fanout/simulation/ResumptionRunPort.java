package fanout.simulation;

import java.util.Map;
import java.util.function.BiFunction;

/** As {@link SeedRunPort}, of crawls that are killed and go on. */
final class ResumptionRunPort implements BiFunction<Long, Long, Map<Long, String>> {

    @Override
    public Map<Long, String> apply(Long first, Long seeds) {
        return ResumptionRun.of(first, seeds).broken(first);
    }
}
