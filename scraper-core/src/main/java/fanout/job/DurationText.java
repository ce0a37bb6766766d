package fanout.job;

import java.time.Duration;

/** Durations as job files write them, for messages. */
public final class DurationText {

    private static final Duration[] UNITS = {Duration.ofDays(1), Duration.ofHours(1), Duration.ofMinutes(1),
        Duration.ofSeconds(1), Duration.ofMillis(1)};
    private static final String[] NAMES = {"d", "h", "m", "s", "ms"};

    private DurationText() {}

    /** In the largest unit of which it is a whole number, as in {@code 90s}; in ISO 8601 if no unit fits. */
    public static String of(Duration duration) {
        if (duration.isZero()) {
            return "0";
        }
        for (int i = 0; i < UNITS.length; i++) {
            long count = duration.dividedBy(UNITS[i]);
            if (UNITS[i].multipliedBy(count).equals(duration)) {
                return count + NAMES[i];
            }
        }
        return duration.toString();
    }
}
