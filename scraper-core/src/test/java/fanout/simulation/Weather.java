package fanout.simulation;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What goes wrong on the way, by chance but for each URL and visit the same in every run of a seed. Immutable.
 *
 * @param trouble how likely a visit goes wrong
 * @param badHosts answer nothing but errors
 * @param latency the longest that a stage takes, if it does not hang
 * @param parting the longest that a visit which is interrupted takes to end
 * @param bugAt the visit of a crawl at which the fetcher throws what it must not throw, counted from 1; 0: never
 * @param maxRetryAfter what the job waits for, which some hosts ask more than
 */
record Weather(
        long seed,
        double trouble,
        Set<String> badHosts,
        Duration latency,
        Duration parting,
        int bugAt,
        Duration maxRetryAfter) {

    /** What goes wrong. */
    enum Trouble {
        NONE, DNS, REFUSED, TLS, RESET, STALE, GARBAGE, BODY_RESET, TOO_LARGE, HANG_DNS, HANG_CONNECT, HANG_HEADERS,
        HANG_BODY, BUSY_429, BUSY_503, ERROR_500
    }

    private static final Trouble[] ALL = Trouble.values();

    /**
     * How a visit goes, if nothing ends it before.
     *
     * @param pooled whether it needs neither name nor connection
     * @param retryAfter what a host that is busy asks for
     * @param times how long DNS, connecting, the headers and the body take, in nanoseconds
     * @param parting how long it takes to end once it is interrupted, in nanoseconds
     */
    record Course(Trouble trouble, boolean pooled, Optional<RetryAfter> retryAfter, long[] times, long parting) {}

    /** A Retry-After in seconds, or as a date. */
    record RetryAfter(Duration asked, boolean asDate) {}

    /** How a visit goes, which is the one of this number for its request. */
    Course courseOf(Visit visit, int number) {
        Dice dice = Dice.of(seed, visit.key, number);
        boolean bad = badHosts.contains(visit.host());
        Trouble trouble = dice.chance(bad ? 1 : this.trouble) ? ALL[dice.between(1, ALL.length - 1)] : Trouble.NONE;
        boolean pooled = trouble == Trouble.STALE || (!isBeforeHeaders(trouble) && dice.chance(0.5));
        Optional<RetryAfter> retryAfter = dice.chance(0.5)
                ? Optional.of(new RetryAfter(
                        Duration.ofSeconds(dice.between(0, (int) maxRetryAfter.toSeconds() * 5 / 4)), dice.chance(0.3)))
                : Optional.empty();
        return new Course(trouble, pooled, retryAfter,
                new long[]{dice.nanosUpTo(latency), dice.nanosUpTo(latency), dice.nanosUpTo(latency),
                    dice.nanosUpTo(latency)},
                dice.nanosUpTo(parting));
    }

    private static boolean isBeforeHeaders(Trouble trouble) {
        return switch (trouble) {
            case DNS, REFUSED, TLS, HANG_DNS, HANG_CONNECT -> true;
            case NONE, RESET, STALE, GARBAGE, BODY_RESET, TOO_LARGE, HANG_HEADERS, HANG_BODY, BUSY_429, BUSY_503,
                    ERROR_500 ->
                    false;
        };
    }
}
