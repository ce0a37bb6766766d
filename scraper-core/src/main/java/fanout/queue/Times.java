package fanout.queue;

import java.util.OptionalLong;

/** Moments of {@link fanout.task.Ticker#nanos}, which may overflow: they are compared by their difference. */
public final class Times {

    private Times() {}

    public static int compare(long a, long b) {
        return Long.signum(a - b);
    }

    static OptionalLong sooner(OptionalLong a, long b) {
        return OptionalLong.of(a.isPresent() && compare(a.getAsLong(), b) < 0 ? a.getAsLong() : b);
    }

    static long later(long a, long b) {
        return compare(a, b) > 0 ? a : b;
    }
}
