package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.simulation.Plan.Intervention.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One outcome for each URL, the right one, and a report that says what the sink got and no more. */
final class Books {

    private final Simulation run;
    private final Verdict verdict;
    private final CrawlJob job;
    private final CrawlReport report;
    private final Accounting accounting;
    private final List<Outcome> written;
    private final Map<String, Outcome> outcomes = new HashMap<>();
    private final Map<String, List<Visit>> visits;
    private final long undelivered;

    Books(Simulation run, Verdict verdict) {
        this.run = run;
        this.verdict = verdict;
        this.job = run.plan.job();
        this.report = run.report().orElseThrow();
        this.accounting = report.accounting();
        this.written = run.sink.written();
        this.undelivered = report.leakCheck().undeliveredResults();
        this.visits = run.network.visits()
                .stream()
                .filter(Visit::isPage)
                .collect(Collectors.groupingBy(visit -> visit.url));
    }

    void check() {
        for (Outcome outcome : written) {
            verdict.expect(outcomes.put(url(outcome), outcome) == null, () -> "two outcomes for " + url(outcome));
        }
        totals();
        limits();
        ending();
        Evidence evidence = new Evidence(run, verdict, visits);
        written.forEach(evidence::check);
        if (isComplete()) {
            Set<String> missing = new HashSet<>(visits.keySet());
            missing.removeAll(outcomes.keySet());
            verdict.expect(missing.isEmpty(), () -> "visited, and without an outcome: " + missing);
        }
        new Discovery(run, verdict, outcomes).check(isComplete());
    }

    private static String url(Outcome outcome) {
        return outcome.request().url().toString();
    }

    private boolean isComplete() {
        return undelivered == 0;
    }

    private void totals() {
        verdict.expect(accounting.isBalanced(), () -> "not balanced: " + accounting);
        verdict.expect(undelivered == accounting.discovered() - run.sink.flushed(),
                () -> "undelivered: " + undelivered + ", but of " + accounting.discovered() + " the sink has "
                        + run.sink.flushed());
        boolean excused = !run.sink.isHealthy() || run.sink.isSlow() || interrupts() > 1;
        verdict.expect(isComplete() || excused, () -> undelivered + " outcomes were lost for no reason");
        Map<String, Long> got = counted(written.stream().map(Outcome::name));
        Map<String, Long> told = new TreeMap<>(Map.of("ok", accounting.ok(), "redirected", accounting.redirected(),
                "failed", accounting.failed(), "skipped", accounting.skipped(), "cancelled", accounting.cancelled()));
        told.values().removeIf(count -> count == 0);
        agree(got, told);
        verdict.expect(!isComplete() || report.fetching().bytes() == bytes(),
                () -> "the report says " + report.fetching().bytes() + " bytes");
        agree(counted(written.stream().flatMap(outcome -> outcome.reason().stream())), accounting.reasons());
    }

    private long interrupts() {
        return run.happened.stream().filter(one -> one.kind() == Kind.INTERRUPT).count();
    }

    /** Bytes of pages that were read; of other types only the head was. */
    private long bytes() {
        return written.stream()
                .filter(Fetched.class::isInstance)
                .mapToLong(page -> run.plan.web().at(url(page)) instanceof Content.Html html ? html.body().length : 0)
                .sum();
    }

    private <K> void agree(Map<K, Long> got, Map<K, Long> told) {
        boolean agrees = isComplete()
                ? got.equals(told)
                : got.entrySet().stream().allMatch(e -> e.getValue() <= told.getOrDefault(e.getKey(), 0L));
        verdict.expect(agrees, () -> "the sink got " + got + ", the report says " + told);
    }

    private static <K> Map<K, Long> counted(Stream<K> words) {
        return words.collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    private void limits() {
        long maxPages = job.limits().maxPages();
        verdict.expect(accounting.ok() <= maxPages, () -> accounting.ok() + " pages, not " + maxPages);
        long answered = visits.values().stream().flatMap(List::stream).filter(Visit::isOk).count();
        verdict.expect(answered <= maxPages, () -> answered + " pages were answered, not " + maxPages);
        verdict.expect(accounting.ok() <= answered, () -> "more pages than answers");
        verdict.expect(accounting.discovered() <= job.limits().maxUrls(),
                () -> accounting.discovered() + " URLs, not " + job.limits().maxUrls());
        int peak = run.network.visits().stream().mapToInt(visit -> visit.inFlight).max().orElse(0);
        verdict.expect(
                report.fetching().peakInFlight() <= job.concurrency() && report.fetching().peakInFlight() >= peak,
                () -> "in flight at most " + report.fetching().peakInFlight() + ", and at the network " + peak);
        boolean overBudget = accounting.reasons().containsKey(Reason.BUDGET);
        boolean spent = accounting.ok() == maxPages;
        verdict.expect(!overBudget || spent, () -> "skipped for a budget that is not spent");
        verdict.expect(report.finishReason() != FinishReason.MAX_PAGES || spent, () -> "a budget that is not spent");
    }

    /** What the crawl says of its end has happened. */
    private void ending() {
        boolean asked = run.happened.stream().anyMatch(one -> one.kind() != Kind.LOOK);
        boolean failed = report.failure().isPresent();
        verdict.expect(failed == (report.finishReason() == FinishReason.FAILED), () -> "failed: " + report.failure());
        boolean hasBug = run.network.bug().isPresent();
        verdict.expect(hasBug || !failed || report.failure().get().kind() == CrawlFailure.Kind.SINK,
                () -> "a bug: " + report.failure());
        boolean writerCancelled = interrupts() > 1; // then an interrupt and not a failure is what ended the sink
        verdict.expect(failed == (hasBug || run.sink.failedAt().isPresent()) || run.sink.isSlow() || writerCancelled,
                () -> "the sink failed " + run.sink.failedAt() + ", the crawl " + report.failure());
        boolean late = failed && report.failure().get().cause() instanceof TimeoutException;
        verdict.expect(!late || run.sink.isSlow(), () -> "flushTimeout, with a sink that is quick");
        switch (report.finishReason()) {
            case EXHAUSTED -> verdict.expect(accounting.cancelled() == 0, () -> "exhausted, but " + accounting);
            case INTERRUPTED -> verdict.expect(asked, () -> "interrupted by nobody");
            case MAX_PAGES, MAX_DURATION, FAILED -> {}
        }
        Set<Reason> reasons = accounting.reasons().keySet();
        verdict.expect(asked || !reasons.contains(Reason.INTERRUPTED), () -> "cancelled by nobody: " + accounting);
        verdict.expect(failed || !reasons.contains(Reason.ABORTED) || run.happened.size() > 1,
                () -> "aborted by nobody: " + accounting);
        verdict.expect(accounting.discovered() >= Math.min(run.plan.web().starts().size(), job.limits().maxUrls()),
                () -> "start URLs are missing");
    }
}
