package fanout.simulation;

import java.util.Map;
import java.util.function.BiFunction;

/** As {@link SeedRunPort}, of crawls behind a login. */
final class SiteRunPort implements BiFunction<Long, Long, Map<Long, String>> {

    @Override
    public Map<Long, String> apply(Long first, Long seeds) {
        return SiteRun.of(first, seeds).broken(first);
    }
}
