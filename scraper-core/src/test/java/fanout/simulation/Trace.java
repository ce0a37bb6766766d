package fanout.simulation;

import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What happened, in order: simulated time, who ran, what it did. The {@linkplain #print fingerprint} of the schedule is
 * always taken, the text only if it is wanted.
 */
final class Trace {

    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final @Nullable StringBuilder text;
    private @Nullable SimulatedThread who;
    private long time;
    private long print;

    private Trace(@Nullable StringBuilder text) {
        this.text = text;
    }

    /** A trace that can be read. */
    static Trace kept() {
        return new Trace(new StringBuilder());
    }

    /** A trace of which only the fingerprint is kept. */
    static Trace fingerprint() {
        return new Trace(null);
    }

    /** A thread runs. */
    void step(SimulatedThread thread, long now) {
        who = thread;
        time = now;
        mix(thread.number());
        mix(now);
    }

    /** The running thread does something. */
    void say(Supplier<String> what) {
        if (text != null) {
            text.append(seconds(time)).append("  ");
            text.append(String.format(Locale.ROOT, "%-16s  %s%n", who == null ? "" : who.name(), what.get()));
        }
    }

    /** Something is part of the fingerprint. */
    void mix(long value) {
        print = (print ^ value) * MIX;
        print ^= print >>> 29;
    }

    /** Two runs that took the same steps have the same. */
    long print() {
        return print;
    }

    static String seconds(long nanos) {
        return nanos > Long.MAX_VALUE / 2 ? "for ever" : String.format(Locale.ROOT, "%12.6f s", nanos / 1e9);
    }

    @Override
    public String toString() {
        return text == null ? "" : text.toString();
    }
}
