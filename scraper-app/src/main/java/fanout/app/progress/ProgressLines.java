package fanout.app.progress;

import fanout.CrawlProgress;
import fanout.HostProgress;
import fanout.app.terminal.Plural;
import fanout.app.terminal.Terminal;
import fanout.outcome.Failed;
import java.time.Duration;
import java.util.Locale;

/** Progress in a log: a line every few seconds. */
record ProgressLines(Terminal terminal) implements ProgressDisplay {

    private static final Duration EVERY = Duration.ofSeconds(5);

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public void show(CrawlProgress now) {
        terminal.line(line(now));
    }

    static String line(CrawlProgress now) {
        double seconds = Math.max(0.001, now.timing().elapsed().toNanos() / 1e9);
        return String.format(Locale.ROOT,
                "%6s  %d ok, %d redirected, %d failed; %d in flight, %d queued, %d delayed; %s, %s; %.1f pages/s; "
                        + "%s to the deadline",
                time(now.timing().elapsed()), now.outcomes().ok(), now.outcomes().redirected(), now.outcomes().failed(),
                now.urls().inFlight(), now.urls().ready(),
                now.urls().delayed(), Plural.of(now.urls().hosts(), "host"), Plural.of(now.items(), "item"),
                now.outcomes().ok() / seconds,
                time(now.timing().deadlineLeft()))
                + now.slowedDownBy().flatMap(HostProgress::slowedDown).map("; waiting: "::concat).orElse("")
                + now.lastFailure().map(failed -> "; last failure: " + words(failed)).orElse("");
    }

    private static String words(Failed failed) {
        return failed.failure().detail() + " " + failed.request().url();
    }

    /** As jobs write it: {@code 42s}, {@code 59m54s}, {@code 2h05m}, {@code 3d04h}. */
    private static String time(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
        }
        return seconds < 100 * 3600
                ? String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60)
                : String.format(Locale.ROOT, "%dd%02dh", seconds / 86_400, seconds / 3600 % 24);
    }
}
