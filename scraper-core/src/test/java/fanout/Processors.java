package fanout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * What the machine's processors have done so far, as Linux tells it; elsewhere nothing is known, and nothing is put down to
 * other programs.
 *
 * @param all nanoseconds of all processors, idle ones included
 * @param idle those in which they had nothing to do
 * @param ours those that this JVM had
 */
record Processors(long all, long idle, long ours) {

    private static final Path STAT = Path.of("/proc/stat");
    private static final long NANOS_PER_TICK = TimeUnit.SECONDS.toNanos(1) / 100;
    /** user, nice, system, idle, iowait, irq, softirq, steal: what follows is part of the first two. */
    private static final int KINDS = 8;

    static Processors now() {
        if (!Files.isReadable(STAT)) {
            return new Processors(0, 0, 0);
        }
        long[] ticks = ticks();
        long ours = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
        return new Processors(LongStream.of(ticks).sum() * NANOS_PER_TICK, (ticks[3] + ticks[4]) * NANOS_PER_TICK,
                ours);
    }

    private static long[] ticks() {
        try {
            List<String> cpu = List.of(Files.readAllLines(STAT).getFirst().split(" +", -1));
            return cpu.stream().skip(1).limit(KINDS).mapToLong(Long::parseLong).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which part of the time since then other programs had: 0 to 1. */
    double shareOfOthersSince(Processors then) {
        double passed = Math.max(1, all - then.all);
        double others = (all - idle) - (then.all - then.idle) - (ours - then.ours);
        return Math.clamp(others / passed, 0, 1);
    }
}
