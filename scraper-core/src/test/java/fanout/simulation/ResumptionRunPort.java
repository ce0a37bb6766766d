package fanout.simulation;

import java.util.Map;
import java.util.function.LongFunction;

/** As {@link SeedRunPort}, of crawls that are killed and go on. */
final class ResumptionRunPort implements LongFunction<Map<Long, String>> {

    @Override
    public Map<Long, String> apply(long seeds) {
        SeedRun.Found found = ResumptionRun.of(0, seeds);
        return found.complaints().isEmpty() ? Map.of() : Map.of(found.seeds(), found.complaints().getFirst());
    }
}
