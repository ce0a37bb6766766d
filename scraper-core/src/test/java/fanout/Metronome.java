package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells a crawl that ended late from a machine that had no time for it. A thread wakes every millisecond and notes how late
 * it was, and how much of the processors' time went to other programs: a crawl that waits for something that it should not
 * leaves the processors idle, and the beat is regular then.
 */
final class Metronome implements AutoCloseable {

    private static final long BEAT = Duration.ofMillis(1).toNanos();
    private static final int BEATS_PER_READING = 20;

    /** How long each beat was overdue, by its time. */
    private final ConcurrentSkipListMap<Long, Long> overdue = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Processors> processors = new ConcurrentSkipListMap<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("metronome").unstarted(this::beat);
    private volatile boolean closed;

    Metronome() {
        thread.start();
    }

    private void beat() {
        long last = System.nanoTime();
        for (int beats = 0; !closed; beats++) {
            if (beats % BEATS_PER_READING == 0) {
                processors.put(last, Processors.now());
            }
            LockSupport.parkNanos(BEAT);
            long now = System.nanoTime();
            overdue.put(now, now - last - BEAT);
            last = now;
        }
    }

    /** Whether something that took so long, until this moment, was prompt as far as the machine let it. */
    void assertPrompt(Duration took) {
        long now = System.nanoTime();
        // Somewhat further back: between the end and this call somebody looked at the result.
        long from = now - took.toNanos() - Duration.ofMillis(500).toNanos();
        long starved =
                overdue.tailMap(from).values().stream().filter(late -> late > BEAT).mapToLong(late -> late).sum();
        double others = shareOfOthers(now - took.toNanos());
        assertThat(Duration.ofNanos((long) (took.toNanos() * (1 - others))))
                .as("took %s; %.0f %% of the processors went to other programs, and threads waited %d ms for one", took,
                        100 * others, starved / BEAT)
                .isLessThanOrEqualTo(Crawls.PROMPTLY.plusNanos(starved));
    }

    /** Which part of the processors' time other programs had, since then. */
    private double shareOfOthers(long since) {
        Map.Entry<Long, Processors> first = processors.floorEntry(since);
        return first == null ? 0 : Processors.now().shareOfOthersSince(first.getValue());
    }

    /** The longest that a thread which could have run had to wait for a processor, so far. */
    Duration longestPause() {
        return Duration.ofNanos(overdue.values().stream().mapToLong(late -> late).max().orElse(0));
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
