package fanout.app.cli;

import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.page.Accounting;
import fanout.page.CrawlFailure;
import fanout.page.CrawlReport;
import fanout.page.LeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report in a few lines. */
final class Summary {

    private Summary() {}

    static List<String> of(CrawlReport report, Outputs outputs) {
        Accounting urls = report.accounting();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s: %s after %.1f s", report.job(), report.finishReason().label(),
                report.elapsed().toNanos() / 1e9));
        report.failure().map(CrawlFailure::message).ifPresent(lines::add);
        lines.add(
                String.format("  %d URLs: %d ok, %d redirected, %d failed, %d skipped, %d cancelled", urls.discovered(),
                        urls.ok(), urls.redirected(), urls.failed(), urls.skipped(), urls.cancelled()));
        if (!urls.reasons().isEmpty()) {
            lines.add("  " + urls.reasons()
                    .entrySet()
                    .stream()
                    .map(reason -> reason.getKey() + " " + reason.getValue())
                    .collect(Collectors.joining(", ")));
        }
        lines.add(String.format(Locale.ROOT, "  %d items, %.1f MB, %.1f pages/s, latency p50 %s p99 %s", report.items(),
                report.bytes() / 1e6, report.pagesPerSecond(), milliseconds(report.latency().p50()),
                milliseconds(report.latency().p99())));
        LeakCheck leaks = report.leakCheck();
        if (!leaks.isClean() || leaks.undeliveredResults() > 0) {
            lines.add("  left behind: " + leaks);
        }
        lines.add("  pages " + place(outputs.pages()) + ", items " + place(outputs.items()) + ", report "
                + place(outputs.report()));
        return lines;
    }

    private static String place(Output output) {
        return output.isStandardOutput() ? "on standard output" : output.path().toString();
    }

    private static String milliseconds(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
