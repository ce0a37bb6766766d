package fanout.job;

import java.time.Duration;
import java.util.regex.Pattern;

/** The checks of this package's constructors. Messages begin with the job file's key. */
final class Require {

    /** A longer wait is as good as endless, and the nanoseconds of two centuries fit a long. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Require() {}

    static void positive(long value, String key) {
        check(value > 0, key, "must be positive, not " + value);
    }

    static void notNegative(long value, String key) {
        check(value >= 0, key, "must not be negative: " + value);
    }

    static void between(long value, long least, long most, String key) {
        check(value >= least && value <= most, key, "must be between " + least + " and " + most + ", not " + value);
    }

    static void positive(Duration value, String key) {
        check(value.isPositive() && value.compareTo(LONGEST) <= 0, key,
                "must be positive and at most 36500 days, not " + DurationText.of(value));
    }

    static void notNegative(Duration value, String key) {
        check(!value.isNegative() && value.compareTo(LONGEST) <= 0, key,
                "must not be negative, and at most 36500 days: " + DurationText.of(value));
    }

    static void atLeast(Duration value, Duration least, String key, String leastKey) {
        check(value.compareTo(least) >= 0, key,
                "must be at least " + leastKey + ", " + DurationText.of(least) + ", not "
                        + DurationText.of(value));
    }

    static void matches(String value, Pattern pattern, String key, String expected) {
        check(pattern.matcher(value).matches(), key, "must be " + expected + ", not \"" + value + "\"");
    }

    static void check(boolean holds, String key, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(key + " " + complaint);
        }
    }
}
