package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.terminal.Plural;
import fanout.app.terminal.Table;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Fetched;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Skipped;
import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.report.LeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a run has ended, when all its results are closed, and the figures of its report that most readers want, in a few lines.
 *
 * @param reportWritten whether the report's file is there; if not, the terminal has the reason
 * @param cause why there is little or nothing, for a person; empty if no one will ask
 * @param resume the command by which the crawl goes on; empty if it has ended, or has no journal
 */
public record Summary(CrawlReport report, boolean reportWritten, List<String> cause, Optional<String> resume) {

    public Summary {
        cause = List.copyOf(cause);
    }

    /** The table, and where the files are. */
    List<String> lines(Outputs outputs, int width) {
        List<String> lines = new ArrayList<>(table(report, width));
        lines.addAll(cause);
        lines.add("");
        lines.add("  pages   " + place(outputs.pages()));
        lines.add("  items   " + place(outputs.items()));
        lines.add("  report  " + (reportWritten ? place(outputs.report()) : "not written"));
        resume.ifPresent(command -> lines.add("  resume  " + command));
        return lines;
    }

    /** How the crawl ended, what became of its URLs, and how fast that was. */
    public static List<String> table(CrawlReport report, int width) {
        Accounting urls = report.accounting();
        List<List<String>> rows = List.of(
                row(Fetched.NAME, urls.ok(), ""),
                row(Redirected.NAME, urls.redirected(), ""),
                row(Failed.NAME, urls.failed(), reasons(urls, Failed.NAME)),
                row(Skipped.NAME, urls.skipped(), reasons(urls, Skipped.NAME)),
                row(Cancelled.NAME, urls.cancelled(), reasons(urls, Cancelled.NAME)),
                row("discovered", urls.discovered(), ""));
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s: %s after %s", report.job(), report.finishReason().label(),
                time(report.timing().elapsed())));
        report.failure().map(Summary::words).ifPresent(lines::add);
        lines.add("");
        lines.addAll(new Table(List.of("outcome", "URLs", "reasons"), rows).lines(width));
        lines.add("");
        lines.add(String.format(Locale.ROOT, "  %s extracted, %s, %.1f pages/s, latency p50 %s p99 %s",
                Plural.of(report.items().extracted(), "item"), size(report.fetching().bytes()), report.pagesPerSecond(),
                milliseconds(report.timing().latency().p50()), milliseconds(report.timing().latency().p99())));
        if (report.items().dropped() > 0) {
            lines.add("  " + Plural.of(report.items().dropped(), "item") + " dropped: a required field was missing");
        }
        if (urls.ok() > 0) {
            report.links()
                    .follow()
                    .stream()
                    .filter(CrawlReport.Follow::isSuspect)
                    .map(Summary::words)
                    .forEach(lines::add);
        }
        lines.addAll(words(report.fetching().sitemaps()));
        lines.addAll(missing(report.leakCheck()));
        return lines;
    }

    /** A follow rule that finds nothing fails no page: a crawl of one page in place of fifty ends well. */
    private static String words(CrawlReport.Follow rule) {
        return "  follow " + rule.entry() + ": "
                + (rule.links() == 0 ? "no link on any page" : Plural.of(rule.links(), "link"))
                + rule.example()
                        .map(why -> String.format(Locale.ROOT, rule.noLinks() == 1 ? ", and %,d match that is none (%s)"
                                : ", and %,d matches that are none (%s)", rule.noLinks(), why))
                        .orElse("");
    }

    /** Sitemaps that could not be read, or not to their end: pages that only they list are missing. */
    static List<String> words(Sitemaps sitemaps) {
        if (sitemaps.failed() == 0) {
            return List.of();
        }
        String count = String.format(Locale.ROOT, "  %s could not be read, or not to the end",
                Plural.of(sitemaps.failed(), "sitemap"));
        return sitemaps.failures().isEmpty()
                ? List.of(count)
                : List.of(count + (sitemaps.failed() > 1 ? "; the report names them, the first is" : ""),
                        words(sitemaps.failures().getFirst()));
    }

    private static String words(FailedSitemap first) {
        return "    " + first.url() + ": " + first.reason() + ", " + first.detail();
    }

    /** The failure for a person; an output that cannot be written says so itself. */
    static String words(CrawlFailure failure) {
        return failure.cause() instanceof JobOutputs.CannotWriteException e ? String.valueOf(e.getMessage())
                : failure.message();
    }

    /** What a failed sink may not have, and what a bug has left behind. */
    private static List<String> missing(LeakCheck leaks) {
        List<String> lines = new ArrayList<>();
        if (leaks.undeliveredResults() > 0) {
            lines.add("  " + Plural.of(leaks.undeliveredResults(), "result") + " may be missing in the files");
        }
        if (!leaks.isClean()) {
            lines.add("  left behind: " + String.join(", ", Plural.of(leaks.liveTasks(), "task"),
                    Plural.of(leaks.activeConnections(), "connection"),
                    leaks.openBodies() == 1 ? "1 body" : leaks.openBodies() + " bodies",
                    Plural.of(leaks.heldLeases(), "lease")));
        }
        return lines;
    }

    private static List<String> row(String outcome, long urls, String reasons) {
        return List.of(outcome, String.format(Locale.ROOT, "%,d", urls), reasons);
    }

    private static String reasons(Accounting urls, String outcome) {
        return urls.reasons()
                .entrySet()
                .stream()
                .filter(reason -> reason.getKey().outcome().equals(outcome))
                .sorted(Map.Entry.<Reason, Long>comparingByValue().reversed())
                .map(reason -> String.format(Locale.ROOT, "%s %,d", reason.getKey(), reason.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String place(Output output) {
        return output.isStandardOutput() ? "standard output" : output.path().toString();
    }

    private static String time(Duration elapsed) {
        long seconds = elapsed.toSeconds();
        if (elapsed.toMillis() < 100) {
            return milliseconds(elapsed);
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", elapsed.toNanos() / 1e9);
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
    }

    private static String size(long bytes) {
        if (bytes < 1_000) {
            return Plural.of(bytes, "byte");
        }
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }

    private static String milliseconds(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
