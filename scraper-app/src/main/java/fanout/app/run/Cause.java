package fanout.app.run;

import fanout.app.metrics.CrawlResult;
import fanout.job.CrawlJob;
import fanout.job.DurationText;
import fanout.journal.Position;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.report.CrawlReport;
import fanout.sink.Sink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a crawl has brought little or nothing: the most frequent reasons, the first URL of each, and what helps where that is
 * known. Immutable.
 *
 * @param problems of the crawl
 */
record Cause(CrawlJob job, CrawlReport report, FirstProblems problems) {

    private static final int MOST_REASONS = 3;

    /**
     * Keeps the first URL that failed or was skipped for each reason: a person who asks why needs one example. Confined to the
     * thread that writes, and to that which joined it.
     */
    static final class FirstProblems implements Sink {

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

        /** Writes nothing. */
        @Override
        public void flush() {}

        @Override
        public boolean isResumable() {
            return true;
        }

        /** What it has seen is of this run alone. */
        @Override
        public Position commit() {
            return Position.NONE;
        }

        /** Keeps nothing that would have to be cut. */
        @Override
        public void resumeAt(Position position) {}

        /** Holds nothing. */
        @Override
        public void close() {}
    }

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
                : String.format(Locale.ROOT, "%,d ok and %,d lost", report.accounting().ok(), lost()));
        return reasons().stream()
                .findFirst()
                .flatMap(reason -> problems.of(reason)
                        .map(first -> String.format(Locale.ROOT, "%s; %s %,d, first %s%s%s", begin, reason,
                                report.accounting().reasons().get(reason), first.request().url(), detail(first),
                                cure(reason, first).map(cure -> "; " + cure).orElse(""))))
                .orElse(begin);
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
            case 401 -> "the site asks for a login; a job sends one in http.headers, "
                    + "as in Authorization: \"Bearer ${TOKEN}\"";
            case 407 -> "the proxy asks for a login: http.proxy: \"http://user:${PASSWORD}@"
                    + job.http().proxy().map(proxy -> proxy.host() + ":" + proxy.port()).orElse("proxy:3128") + "\"";
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
            case HTTP_STATUS -> first instanceof Failed(_, _, Failure.HttpStatus(int status)) ? cureOf(status) : null;
            case DNS, PROTOCOL, TOO_MANY_REDIRECTS, BAD_REDIRECT, PARSE, CIRCUIT_OPEN, BUDGET, DEADLINE,
                    INTERRUPTED, ABORTED ->
                    null;
        });
    }
}
