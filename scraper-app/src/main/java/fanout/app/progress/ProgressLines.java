package fanout.app.progress;

import fanout.CrawlProgress;
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
        double seconds = Math.max(0.001, now.elapsed().toNanos() / 1e9);
        return String.format(Locale.ROOT,
                "%4.0fs  %d ok, %d redirected, %d failed; %d in flight, %d ready, %d waiting; %d hosts, %d items; "
                        + "%.1f pages/s; %ds left",
                seconds, now.ok(), now.redirected(), now.failed(), now.inFlight(), now.ready(), now.delayed(),
                now.hosts(), now.items(), now.ok() / seconds, Math.max(0, now.deadlineLeft().toSeconds()))
                + now.lastFailure().map(failed -> "; last problem: " + problem(failed)).orElse("");
    }

    /** What went wrong, and with which URL. */
    static String problem(Failed failed) {
        return failed.failure().detail() + " " + failed.request().url();
    }
}
