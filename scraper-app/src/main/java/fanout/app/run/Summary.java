package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.metrics.CrawlResult;
import fanout.app.terminal.Plural;
import fanout.app.terminal.Table;
import fanout.job.CrawlJob;
import fanout.job.DurationText;
import fanout.journal.Position;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Skipped;
import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.FilledField;
import fanout.report.CrawlReport.Sitemaps;
import fanout.report.Judgement;
import fanout.report.LeakCheck;
import fanout.sink.ResumableSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a run has ended, when all its results are closed, and the figures of its report that most readers want, in a few
 * lines.
 *
 * @param reportWritten whether the report's file is there; if not, the terminal has the reason
 * @param cause why there is little or nothing, for a person; empty if no one will ask
 * @param resume the command that resumes the crawl; empty if the crawl is exhausted or has no journal
 * @param kept the folders into which the outputs of the run before were moved
 */
public record Summary(
        CrawlReport report,
        boolean reportWritten,
        List<String> cause,
        Optional<String> resume,
        List<Path> kept) {

    /** Columns that every terminal has: long lists of rates are read best in lines of this length. */
    private static final int NARROW = 80;
    /** Of those that a limit has cut off, so many are named. */
    private static final int MOST_LABELS = 5;

    public Summary {
        cause = List.copyOf(cause);
        kept = List.copyOf(kept);
    }

    /** The table, and where the files are. */
    List<String> lines(Outputs outputs, int width) {
        List<String> lines = new ArrayList<>(table(report, width));
        lines.addAll(cause);
        lines.add("");
        lines.add("  pages   " + places(outputs.pages()));
        lines.add("  items   " + places(outputs.items()));
        lines.add("  report  " + (reportWritten ? outputs.report().place() : "not written"));
        kept.forEach(folder -> lines.add("  before  " + shown(folder)));
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
        lines.addAll(filled(report.items().fields(), Math.min(width, NARROW)));
        lines.addAll(words(report.judgement()));
        if (urls.ok() > 0) {
            report.links()
                    .follow()
                    .stream()
                    .filter(CrawlReport.Follow::isSuspect)
                    .map(Summary::words)
                    .forEach(lines::add);
        }
        CrawlReport.LeftOut leftOut = report.links().leftOut();
        if (leftOut.lines() > 0) {
            lines.add("  " + Plural.of(leftOut.lines(), "line") + " of startUrlsFile skipped, the first is "
                    + leftOut.first().getFirst());
        }
        lines.addAll(words(report.cut()));
        lines.addAll(words(report.fetching().sitemaps()));
        lines.addAll(missing(report.leakCheck()));
        return lines;
    }

    /** Whether the crawl has brought what its job expects, with a line for each expectation that does not hold. */
    static List<String> words(Judgement judgement) {
        List<Judgement.Check> broken = judgement.broken();
        int all = judgement.checks().size();
        List<String> lines = new ArrayList<>();
        judgement.whyNot().ifPresent(why -> lines.add("  expectations are not judged, because " + why));
        if (judgement.isJudged()) {
            lines.add("  " + (broken.isEmpty() ? Plural.of(all, "expectation") + (all == 1 ? " holds" : " hold")
                    : broken.size() + " of " + Plural.of(all, "expectation")
                            + (broken.size() == 1 ? " does not hold:" : " do not hold:")));
        }
        broken.forEach(check -> lines.add("    " + check.line()));
        return lines;
    }

    /** How many items of each rule have which field: a selector that a site has broken is seen here. */
    static List<String> filled(List<FilledField> fields, int width) {
        SequencedMap<String, List<FilledField>> rules = new LinkedHashMap<>();
        fields.forEach(field -> rules.computeIfAbsent(field.rule(), _ -> new ArrayList<>()).add(field));
        List<String> lines = new ArrayList<>();
        rules.forEach((rule, all) -> {
            StringBuilder line = new StringBuilder("  " + rule + ", " + Plural.of(all.getFirst().items(), "item"));
            String mark = ": ";
            for (FilledField field : all) {
                String rate = field.field() + " " + (field.percent().isEmpty() ? "none"
                        : percent(field.percent().getAsDouble()));
                if (line.length() + mark.length() + rate.length() >= width && !mark.equals(": ")) {
                    lines.add(line + ",");
                    line.setLength(0);
                    mark = "    ";
                }
                line.append(mark).append(rate);
                mark = ", ";
            }
            lines.add(line.toString());
        });
        return lines;
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f %%" : "%.1f %%", value);
    }

    /** A follow rule that finds nothing fails no page: a crawl of one page instead of fifty ends well. */
    private static String words(CrawlReport.Follow rule) {
        return "  follow " + rule.entry() + ": "
                + (rule.links() == 0 ? "no link on any page" : Plural.of(rule.links(), "link"))
                + rule.example()
                        .map(why -> String.format(Locale.ROOT, rule.noLinks() == 1
                                ? ", and %,d match that is not a link (%s)"
                                : ", and %,d matches that are not links (%s)", rule.noLinks(), why))
                        .orElse("");
    }

    /** Hosts and labels of which the crawl has as many pages as it may, and not all that it knows. */
    static List<String> words(CrawlReport.Cut cut) {
        List<String> lines = new ArrayList<>();
        if (cut.hosts() > 0) {
            lines.add("  limits.maxPagesPerHost has cut off " + Plural.of(cut.hosts(), "host")
                    + (cut.hosts() > 1 ? "; the report names those of which most is missing, the first is" : ""));
            lines.add(words(cut.mostByHost().getFirst()));
        }
        if (!cut.labels().isEmpty()) {
            lines.add("  limits.maxPagesPerLabel has cut off " + Plural.of(cut.labels().size(), "label"));
            cut.labels().stream().limit(MOST_LABELS).map(Summary::words).forEach(lines::add);
            if (cut.labels().size() > MOST_LABELS) {
                lines.add("    … the report has the others");
            }
        }
        return lines;
    }

    private static String words(CrawlReport.Part part) {
        return "    " + part.name() + ": " + Plural.of(part.ok(), "page") + " ok, "
                + String.format(Locale.ROOT, "%,d skipped", part.skipped());
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
        return failure.cause() instanceof NamedSink.CannotWriteException e ? String.valueOf(e.getMessage())
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

    /** As a job names its files: relative to the working directory, if the folder is in it. */
    private static Path shown(Path folder) {
        Path here = Path.of("").toAbsolutePath();
        return folder.startsWith(here) ? here.relativize(folder) : folder;
    }

    /** Names the first file, and counts the other destinations. */
    private static String places(List<Output> outputs) {
        String first = Outputs.firstFile(outputs).map(Output.File::place).orElse(outputs.getFirst().place());
        return outputs.size() == 1 ? first : first + " and " + (outputs.size() - 1) + " more";
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
        double milliseconds = duration.toNanos() / 1e6;
        return String.format(Locale.ROOT, milliseconds < 10 ? "%.1f ms" : "%,.0f ms", milliseconds);
    }

    /**
     * Why a crawl has brought little or nothing: the most frequent reasons, the first URL of each, and what helps where
     * that is known. Immutable.
     *
     * @param problems of the crawl
     */
    record Cause(CrawlJob job, CrawlReport report, FirstProblems problems) {

        private static final int MOST_REASONS = 3;

        /** Whether a person will ask: nothing was ok, or more has failed than was ok. */
        boolean isAsked() {
            long ok = report.accounting().ok();
            return ok == 0 || lost() > ok || CrawlResult.hasTooManyFailed(report, job.limits());
        }

        private long lost() {
            return report.accounting()
                    .reasons()
                    .entrySet()
                    .stream()
                    .filter(reason -> FirstProblems.isProblem(reason.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        /** The reasons, a line or two each. */
        List<String> lines() {
            List<String> lines = new ArrayList<>();
            tooManyFailed().ifPresent(why -> lines.add("  " + why));
            for (Reason reason : reasons()) {
                problems.of(reason).ifPresent(first -> {
                    lines.add("  first " + reason + "  " + first.request().url() + detail(first));
                    cure(reason, first).ifPresent(cure -> lines.add("    " + cure));
                });
            }
            return lines;
        }

        /** The same in one line. */
        String line() {
            String begin = report.job() + ": " + report.finishReason().label() + ", " + (report.accounting().ok() == 0
                    ? "no page was ok"
                    : String.format(Locale.ROOT, "%,d ok and %,d lost", report.accounting().ok(), lost()))
                    + tooManyFailed().map(why -> "; " + why).orElse("");
            return reasons().stream()
                    .findFirst()
                    .flatMap(reason -> problems.of(reason)
                            .map(first -> String.format(Locale.ROOT, "%s; %s %,d, first %s%s%s", begin, reason,
                                    report.accounting().reasons().get(reason), first.request().url(), detail(first),
                                    cure(reason, first).map(cure -> "; " + cure).orElse(""))))
                    .orElse(begin);
        }

        /** Why a crawl with pages that are ok is no success all the same. */
        private Optional<String> tooManyFailed() {
            long ok = report.accounting().ok();
            long failed = CrawlResult.failed(report);
            return ok > 0 && CrawlResult.hasTooManyFailed(report, job.limits())
                    ? Optional.of(
                            String.format(Locale.ROOT, "%,d of %,d URLs failed, more than limits.maxFailedPercent (%d)",
                                    failed, ok + failed, job.limits().maxFailedPercent()))
                    : Optional.empty();
        }

        private List<Reason> reasons() {
            return report.accounting()
                    .reasons()
                    .entrySet()
                    .stream()
                    .filter(reason -> problems.of(reason.getKey()).isPresent())
                    .sorted(Comparator.comparing((Map.Entry<Reason, Long> reason) -> reason.getValue()).reversed())
                    .limit(MOST_REASONS)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        private static String detail(Outcome outcome) {
            return outcome.detail().map(detail -> ": " + detail).orElse("");
        }

        private @Nullable String cureOf(int status) {
            return switch (status) {
                case 401 -> "the site asks for a login; a job logs in by session.login, or sends one in http.headers, "
                        + "as in Authorization: \"Bearer ${TOKEN}\"";
                case 407 -> "the proxy asks for a login: http.proxy: \"http://user:${PASSWORD}@"
                        + job.http().proxy().map(proxy -> proxy.host() + ":" + proxy.port()).orElse("proxy:3128")
                        + "\"";
                case 429 -> "the site asks for fewer requests; raise politeness.delay, or lower perHostConcurrency";
                default -> null;
            };
        }

        /** What a job's author can do, where that is certain. */
        private Optional<String> cure(Reason reason, Outcome first) {
            return Optional.ofNullable(switch (reason) {
                case PRIVATE_ADDRESS -> "a job names such addresses in network.allowedCidrs"
                        + (job.network().allowPrivateAddresses() ? "" : ", or sets network.allowPrivateAddresses: true")
                        + (job.http().proxy().isPresent() ? "; the address of http.proxy must be allowed, too" : "");
                case ROBOTS -> "politeness.obeyRobots: false fetches all the same";
                case TLS -> "a private authority is trusted by http.caFile";
                case CONNECTION -> job.http()
                        .proxy()
                        .map(proxy -> "http.proxy is " + proxy.host() + ":" + proxy.port() + ": is it up?")
                        .orElse(null);
                case TIMEOUT -> "limits.requestTimeout is " + DurationText.of(job.limits().requestTimeout());
                case BODY_TOO_LARGE -> detail(first).contains("Xmx") ? null
                        : "limits.maxBodySize is " + job.limits().maxBodyBytes() + " bytes";
                case HTTP_STATUS ->
                        first instanceof Failed(_, _, Failure.HttpStatus(int status)) ? cureOf(status) : null;
                case SESSION -> "a page that no member may see is left out by scope.exclude; "
                        + "session.expired may hold for pages that are served";
                case DNS, PROTOCOL, TOO_MANY_REDIRECTS, BAD_REDIRECT, PARSE, CIRCUIT_OPEN, BUDGET, REFUSED,
                        DEADLINE, INTERRUPTED, ABORTED ->
                        null;
            });
        }
    }

    /**
     * Keeps the first URL that failed or was skipped for each reason: a person who asks why needs one example. Confined
     * to the thread that writes, and to that which joined it.
     */
    static final class FirstProblems implements ResumableSink {

        private final Map<Reason, Outcome> firsts = new EnumMap<>(Reason.class);

        @Override
        public void write(Outcome outcome) {
            outcome.reason().filter(FirstProblems::isProblem).ifPresent(reason -> firsts.putIfAbsent(reason, outcome));
        }

        /** A URL beyond the budget, and one that a stop left untouched, are none. */
        static boolean isProblem(Reason reason) {
            return reason != Reason.BUDGET && !reason.outcome().equals(Cancelled.NAME);
        }

        /** The first URL with this reason. */
        Optional<Outcome> of(Reason reason) {
            return Optional.ofNullable(firsts.get(reason));
        }

        /** What it has seen is of this run alone. */
        @Override
        public Position commit() {
            return Position.NONE;
        }

        /** Keeps nothing that would have to be cut. */
        @Override
        public void resumeAt(Position position) {}
    }
}
