package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.page.Accounting;
import fanout.page.CrawlFailure;
import fanout.page.CrawlReport;
import fanout.page.FinishReason;
import fanout.page.Outcome;
import fanout.simulation.Plan.Intervention.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
    private final Set<String> sitemapPages;
    private final long undelivered;

    Books(Simulation run, Verdict verdict) {
        this.run = run;
        this.verdict = verdict;
        this.job = run.plan.job();
        this.report = run.report().orElseThrow();
        this.accounting = report.accounting();
        this.written = run.sink.written();
        this.undelivered = report.leakCheck().undeliveredResults();
        this.sitemapPages = run.network.visits()
                .stream()
                .filter(visit -> SimulatedWeb.isSitemap(visit.url) && visit.isOk())
                .flatMap(visit -> run.plan.web().at(visit.url) instanceof Content.Sitemap map
                        ? map.pages().stream()
                        : Stream.empty())
                .collect(Collectors.toSet());
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
        written.stream().filter(outcome -> !isStart(outcome)).forEach(this::origin);
        if (isComplete()) {
            Set<String> missing = new HashSet<>(visits.keySet());
            missing.removeAll(outcomes.keySet());
            verdict.expect(missing.isEmpty(), () -> "visited, and without an outcome: " + missing);
            links();
        }
    }

    private static String url(Outcome outcome) {
        return outcome.request().url().toString();
    }

    private boolean isComplete() {
        return undelivered == 0;
    }

    private boolean isStart(Outcome outcome) {
        return run.plan.web().starts().contains(url(outcome));
    }

    private void totals() {
        verdict.expect(accounting.isBalanced(), () -> "not balanced: " + accounting);
        verdict.expect(undelivered == accounting.discovered() - run.sink.flushed(),
                () -> "undelivered: " + undelivered + ", but of " + accounting.discovered() + " the sink has "
                        + run.sink.flushed());
        boolean excused = !run.sink.isHealthy() || run.sink.isSlow()
                || run.happened.stream().filter(one -> one.kind() == Kind.INTERRUPT).count() > 1;
        verdict.expect(isComplete() || excused, () -> undelivered + " outcomes were lost for no reason");
        Map<String, Long> got = counted(written.stream().map(Outcome::name));
        Map<String, Long> told = new TreeMap<>(Map.of("ok", accounting.ok(), "redirected", accounting.redirected(),
                "failed", accounting.failed(), "skipped", accounting.skipped(), "cancelled", accounting.cancelled()));
        told.values().removeIf(count -> count == 0);
        agree(got, told);
        agree(counted(written.stream().flatMap(outcome -> outcome.reason().stream())), accounting.reasons());
    }

    private void agree(Map<String, Long> got, Map<String, Long> told) {
        boolean agrees = isComplete()
                ? got.equals(told)
                : got.entrySet().stream().allMatch(e -> e.getValue() <= told.getOrDefault(e.getKey(), 0L));
        verdict.expect(agrees, () -> "the sink got " + got + ", the report says " + told);
    }

    private static Map<String, Long> counted(Stream<String> words) {
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
        verdict.expect(report.peakInFlight() <= job.concurrency(), () -> "peak " + report.peakInFlight());
        boolean overBudget = accounting.reasons().containsKey("budget");
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
        verdict.expect(failed == (hasBug || run.sink.failedAt().isPresent()) || run.sink.isSlow(),
                () -> "the sink failed " + run.sink.failedAt() + ", the crawl " + report.failure());
        boolean late = failed && report.failure().get().cause() instanceof TimeoutException;
        verdict.expect(!late || run.sink.isSlow(), () -> "flushTimeout, with a sink that is quick");
        switch (report.finishReason()) {
            case EXHAUSTED -> verdict.expect(accounting.cancelled() == 0, () -> "exhausted, but " + accounting);
            case INTERRUPTED -> verdict.expect(asked, () -> "interrupted by nobody");
            case MAX_PAGES, MAX_DURATION, FAILED -> {}
        }
        Set<String> reasons = accounting.reasons().keySet();
        verdict.expect(asked || !reasons.contains("interrupted"), () -> "cancelled by nobody: " + accounting);
        verdict.expect(failed || !reasons.contains("aborted") || run.happened.size() > 1,
                () -> "aborted by nobody: " + accounting);
        verdict.expect(accounting.discovered() >= Math.min(run.plan.web().starts().size(), job.limits().maxUrls()),
                () -> "start URLs are missing");
    }

    /** Whoever named a URL really did. */
    private void origin(Outcome outcome) {
        String from = outcome.request().referrer().map(Object::toString).orElse("nobody");
        boolean linked = switch (run.plan.web().at(from)) {
            case Content.Html html -> toFollow(html).contains(url(outcome));
            case Content.Moved moved -> moved.location().equals(url(outcome));
            case Content.Image _,Content.Status _,Content.Dead _,Content.Robots _,Content.Sitemap _ ->
                    false;
        };
        boolean listed = outcome.request().referrer().isEmpty() && sitemapPages.contains(url(outcome));
        verdict.expect(linked || listed, () -> url(outcome) + " was not named by " + from);
        Outcome parent = outcomes.get(from);
        int depth = outcome.request().depth();
        verdict.expect(parent == null || depth == parent.request().depth() + (parent.name().equals("ok") ? 1 : 0),
                () -> url(outcome) + " is at depth " + depth);
        verdict.expect(depth <= job.scope().maxDepth(), () -> url(outcome) + " is too deep: " + depth);
    }

    private Set<String> toFollow(Content.Html html) {
        Set<String> links = new LinkedHashSet<>(html.links());
        if (!job.politeness().obeyNofollow()) {
            links.addAll(html.nofollow());
        }
        return links.stream().limit(job.limits().maxLinksPerPage()).collect(Collectors.toSet());
    }

    /** Every link of every page that is ok, and every page of a sitemap, was taken on, unless there was no room. */
    private void links() {
        if (accounting.discovered() >= job.limits().maxUrls()) {
            return;
        }
        for (String page : report.finishReason() == FinishReason.EXHAUSTED ? sitemapPages : Set.<String>of()) {
            verdict.expect(outcomes.containsKey(page) || !SimulatedWeb.isInScope(page),
                    () -> page + " was lost, a page of a sitemap");
        }
        for (Outcome page : written) {
            if (page.name().equals("ok") && page.request().depth() < job.scope().maxDepth()
                    && run.plan.web().at(url(page)) instanceof Content.Html html) {
                for (String link : toFollow(html)) {
                    verdict.expect(outcomes.containsKey(link) || !SimulatedWeb.isInScope(link),
                            () -> link + " was lost, a link of " + url(page));
                }
            }
        }
    }
}
