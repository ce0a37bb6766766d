package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.page.Request;
import fanout.report.Accounting;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.simulation.Intervention.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One outcome for each URL, the right one, and a report that says what the sink got and no more. */
final class Books {

    private final Simulation simulation;
    private final SimulatedCrawl run;
    private final Judgement judgement;
    private final CrawlJob job;
    private final CrawlReport report;
    private final Accounting accounting;
    private final List<Outcome> written;
    private final Map<String, Outcome> outcomes = new HashMap<>();
    private final Map<String, List<Visit>> visits;
    private final long undelivered;

    Books(Simulation simulation, SimulatedCrawl run, Judgement judgement) {
        this.simulation = simulation;
        this.run = run;
        this.judgement = judgement;
        this.job = run.plan.job();
        this.report = run.report().orElseThrow();
        this.accounting = report.accounting();
        this.written = run.sink.written();
        this.undelivered = report.leakCheck().undeliveredResults();
        this.visits = simulation.log.visits(run.plan)
                .stream()
                .filter(Visit::isPage)
                .collect(Collectors.groupingBy(visit -> visit.key));
    }

    void check() {
        for (Outcome outcome : written) {
            judgement.expect(outcomes.put(RequestRules.key(outcome.request()), outcome) == null,
                    () -> "two outcomes for " + outcome.request());
        }
        Copies copies = new Copies(simulation.plan.web());
        for (Outcome outcome : written) {
            if (outcome instanceof Fetched page) {
                boolean isRead = page.request().details().method() != Request.Method.HEAD;
                copies.wrong(url(page), isRead, page.duplicateOf().map(Object::toString))
                        .ifPresent(complaint -> judgement.expect(false, () -> complaint));
            }
        }
        new ExternalChecks(run, judgement, visits).check();
        totals();
        limits();
        deadlines();
        ending();
        Evidence evidence = new Evidence(simulation, run, judgement, visits);
        written.forEach(evidence::check);
        if (run.isComplete()) {
            Set<String> missing = new HashSet<>(visits.keySet());
            missing.removeAll(outcomes.keySet());
            judgement.expect(missing.isEmpty(), () -> "visited, and without an outcome: " + missing);
        }
        new Discovery(simulation, run, judgement, outcomes).check();
    }

    private static String url(Outcome outcome) {
        return outcome.request().url().toString();
    }

    private void totals() {
        judgement.expect(accounting.isBalanced(), () -> "not balanced: " + accounting);
        judgement.expect(undelivered == accounting.discovered() - run.sink.flushed(),
                () -> "undelivered: " + undelivered + ", but of " + accounting.discovered() + " the sink has "
                        + run.sink.flushed());
        boolean excused = !run.sink.isHealthy() || run.sink.isSlow() || interrupts() > 1;
        judgement.expect(run.isComplete() || excused, () -> undelivered + " outcomes were lost for no reason");
        Map<String, Long> got = counted(written.stream().map(Outcome::name));
        Map<String, Long> told = new TreeMap<>(Map.of("ok", accounting.ok(), "redirected", accounting.redirected(),
                "failed", accounting.failed(), "skipped", accounting.skipped(), "cancelled", accounting.cancelled()));
        told.values().removeIf(count -> count == 0);
        agree(got, told);
        judgement.expect(!run.isComplete() || report.fetching().bytes() == bytes(),
                () -> "the report says " + report.fetching().bytes() + " bytes");
        agree(counted(written.stream().flatMap(outcome -> outcome.reason().stream())), accounting.reasons());
    }

    private long interrupts() {
        return run.happened.stream().filter(one -> one.kind() == Kind.INTERRUPT).count();
    }

    /** Bytes of pages that were read; of other types only the head was. */
    private long bytes() {
        return written.stream()
                .filter(page -> page instanceof Fetched && !ExternalChecks.isOutside(page.request()))
                .mapToLong(page -> page.request().details().method() != Request.Method.HEAD
                        && simulation.plan.web().at(url(page)) instanceof Content.Html html ? html.body().length : 0)
                .sum();
    }

    private <K> void agree(Map<K, Long> got, Map<K, Long> told) {
        boolean agrees = run.isComplete()
                ? got.equals(told)
                : got.entrySet().stream().allMatch(e -> e.getValue() <= told.getOrDefault(e.getKey(), 0L));
        judgement.expect(agrees, () -> "the sink got " + got + ", the report says " + told);
    }

    private static <K> Map<K, Long> counted(Stream<K> words) {
        return words.collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    private void limits() {
        long maxPages = job.limits().maxPages();
        long pages = accounting.ok() - report.links().externalOk();
        judgement.expect(pages <= maxPages, () -> pages + " pages, not " + maxPages);
        long answered = answered().count();
        judgement.expect(answered <= maxPages, () -> answered + " pages were answered, not " + maxPages);
        judgement.expect(pages <= answered, () -> "more pages than answers");
        judgement.expect(accounting.discovered() <= job.limits().maxUrls(),
                () -> accounting.discovered() + " URLs, not " + job.limits().maxUrls());
        int peak = simulation.log.visits(run.plan).stream().mapToInt(visit -> visit.inFlight).max().orElse(0);
        judgement.expect(
                report.fetching().peakInFlight() <= job.concurrency() && report.fetching().peakInFlight() >= peak,
                () -> "in flight at most " + report.fetching().peakInFlight() + ", and at the network " + peak);
        budgets(pages == maxPages);
    }

    /** Visits to pages, which links out of scope are not. */
    private Stream<Visit> answered() {
        return visits.values()
                .stream()
                .flatMap(List::stream)
                .filter(visit -> visit.isOk() && SimulatedWeb.isInScope(visit.url));
    }

    /** What is skipped for a budget has one that is spent: the crawl's, or that of its own part. */
    private void budgets(boolean isSpent) {
        PartLimits parts = new PartLimits(job.limits());
        answered()
                .forEach(visit -> parts.ok(new PartLimits.Page(visit.url,
                        Optional.ofNullable(outcomes.get(visit.key)).flatMap(outcome -> outcome.request().label()))));
        judgement.expect(parts.areKept(), () -> "more pages than their part may have, " + parts);
        List<PartLimits.Page> skipped = written.stream()
                .filter(outcome -> outcome.reason().equals(Optional.of(Reason.BUDGET)))
                .map(outcome -> PartLimits.Page.of(outcome.request()))
                .toList();
        judgement.expect(isSpent || skipped.stream().allMatch(parts::areSpentFor),
                () -> "skipped for a budget that is not spent: " + skipped + ", " + parts);
        judgement.expect(report.finishReason() != FinishReason.MAX_PAGES || isSpent || parts.areSpentSomewhere(),
                () -> "a budget that is not spent");
        judgement.expect(report.finishReason() != FinishReason.EXHAUSTED || skipped.isEmpty(),
                () -> "exhausted, and skipped for a budget: " + skipped);
        Map<String, Long> cut = parts.cut(skipped);
        judgement.expect(!run.isComplete() || cut.equals(PartLimits.told(report.cut())),
                () -> "cut off was " + cut + ", and the report says " + report.cut());
        judgement.expect(!run.isComplete() || parts.areNamedIn(report.cut()),
                () -> parts + ", and the report says " + report.cut());
    }

    /**
     * Each deadline that passed is counted, whatever is tried again after it; a crawl that is cut short may not learn
     * of all.
     */
    private void deadlines() {
        Map<Stage, Long> passed = counted(simulation.log.visits(run.plan)
                .stream()
                .flatMap(visit -> visit.failure.stream())
                .flatMap(failure -> failure instanceof Failure.TimedOut timeout ? Stream.of(timeout.stage())
                        : Stream.empty()));
        Map<Stage, Long> told = new TreeMap<>(report.timing().deadlineExceeded());
        told.remove(Stage.PARSE);
        told.remove(Stage.MEMORY);
        judgement.expect(report.finishReason() != FinishReason.EXHAUSTED || told.equals(passed),
                () -> "deadlines passed " + passed + ", and the report says " + told);
    }

    /** What the crawl says of its end has happened. */
    private void ending() {
        boolean asked = run.happened.stream().anyMatch(one -> one.kind() != Kind.LOOK);
        boolean failed = report.failure().isPresent();
        judgement.expect(failed == (report.finishReason() == FinishReason.FAILED), () -> "failed: " + report.failure());
        boolean hasBug = run.network.bug().isPresent();
        judgement.expect(hasBug || !failed || report.failure().get().kind() == CrawlFailure.Kind.SINK,
                () -> "a bug: " + report.failure());
        boolean writerCancelled = interrupts() > 1; // then an interrupt and not a failure is what ended the sink
        judgement.expect(failed == (hasBug || run.sink.failedAt().isPresent()) || run.sink.isSlow() || writerCancelled,
                () -> "the sink failed " + run.sink.failedAt() + ", the crawl " + report.failure());
        boolean late = failed && report.failure().get().cause() instanceof TimeoutException;
        judgement.expect(!late || run.sink.isSlow(), () -> "flushTimeout, with a sink that is quick");
        switch (report.finishReason()) {
            case EXHAUSTED -> judgement.expect(accounting.cancelled() == 0, () -> "exhausted, but " + accounting);
            case INTERRUPTED -> judgement.expect(asked, () -> "interrupted, and not by the user");
            case MAX_PAGES, MAX_DURATION, FAILED -> {}
        }
        Set<Reason> reasons = accounting.reasons().keySet();
        judgement.expect(asked || !reasons.contains(Reason.INTERRUPTED),
                () -> "cancelled, and not by the user: " + accounting);
        judgement.expect(failed || !reasons.contains(Reason.ABORTED) || run.happened.size() > 1,
                () -> "aborted without a failure: " + accounting);
        judgement.expect(accounting.discovered() >= Math.min(run.plan.starts().size(), job.limits().maxUrls()),
                () -> "start URLs are missing");
    }
}
