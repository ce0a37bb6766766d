package fanout.app.progress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count has grown over the last ten seconds, which makes the number calm. Confined to one thread. */
final class RecentRate {

    private static final Duration WINDOW = Duration.ofSeconds(10);

    private record Sample(Duration at, long count) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    RecentRate() {
        samples.add(new Sample(Duration.ZERO, 0));
    }

    /** Adds a count, and returns the rate a second. */
    double perSecond(Duration elapsed, long count) {
        samples.addLast(new Sample(elapsed, count));
        while (samples.size() > 2 && samples.getFirst().at.compareTo(elapsed.minus(WINDOW)) < 0) {
            samples.removeFirst();
        }
        Sample oldest = samples.getFirst();
        double seconds = Math.max(0.1, elapsed.minus(oldest.at).toNanos() / 1e9);
        return (count - oldest.count) / seconds;
    }
}
