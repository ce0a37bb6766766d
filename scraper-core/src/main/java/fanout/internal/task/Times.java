package fanout.internal.task;

import java.util.OptionalLong;

/** Moments of {@link Ticker#nanos}, which may overflow: they are compared by their difference. */
public final class Times {

    private Times() {}

    public static int compare(long a, long b) {
        return Long.signum(a - b);
    }

    /** Whether a moment has come. */
    public static boolean isDue(OptionalLong at, long now) {
        return at.isPresent() && compare(at.getAsLong(), now) <= 0;
    }

    public static OptionalLong sooner(OptionalLong a, long b) {
        return OptionalLong.of(a.isPresent() && compare(a.getAsLong(), b) < 0 ? a.getAsLong() : b);
    }

    public static OptionalLong sooner(OptionalLong a, OptionalLong b) {
        return b.isPresent() ? sooner(a, b.getAsLong()) : a;
    }

    public static long later(long a, long b) {
        return compare(a, b) > 0 ? a : b;
    }
}
