package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.outcome.Outcome;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which URLs were admitted: all that a page, a redirect or a sitemap names in scope, and nothing else. */
final class Discovery {

    private final SimulatedWeb web;
    private final SimulatedCrawl run;
    private final Judgement judgement;
    private final CrawlJob job;
    private final Map<String, Outcome> outcomes;
    private final Set<String> sitemapPages;

    Discovery(Simulation simulation, SimulatedCrawl run, Judgement judgement, Map<String, Outcome> outcomes) {
        this.web = simulation.plan.web();
        this.run = run;
        this.judgement = judgement;
        this.job = run.plan.job();
        this.outcomes = outcomes;
        this.sitemapPages = simulation.log.visits(run.plan)
                .stream()
                .filter(visit -> SimulatedWeb.isSitemap(visit.url) && visit.isOk())
                .flatMap(visit -> web.at(visit.url) instanceof Content.Sitemap map
                        ? map.pages().stream()
                        : Stream.empty())
                .collect(Collectors.toSet());
    }

    void check() {
        outcomes.values().stream().filter(outcome -> !isStart(outcome)).forEach(this::origin);
        CrawlReport report = run.report().orElseThrow();
        if (run.isComplete() && report.accounting().discovered() < job.limits().maxUrls()) {
            links();
            if (report.finishReason() == FinishReason.EXHAUSTED) {
                sitemapPages.forEach(page -> taken(page, "a sitemap"));
            }
        }
    }

    private boolean isStart(Outcome outcome) {
        return run.plan.starts().contains(url(outcome));
    }

    private static String url(Outcome outcome) {
        return outcome.request().url().toString();
    }

    /** What is said to have named a URL did. */
    private void origin(Outcome outcome) {
        String from = outcome.request().referrer().map(Object::toString).orElse("no page");
        boolean linked = switch (web.at(from)) {
            case Content.Html html -> toFollow(html).contains(url(outcome));
            case Content.Moved moved -> moved.location().equals(url(outcome));
            case Content.Image _,Content.Status _,Content.Dead _,Content.Inner _,Content.Robots _,Content.Sitemap _ ->
                    false;
        };
        boolean listed = outcome.request().referrer().isEmpty() && sitemapPages.contains(url(outcome));
        judgement.expect(linked || listed, () -> url(outcome) + " was not named by " + from);
        Outcome parent = outcomes.get(from);
        int depth = outcome.request().depth();
        judgement.expect(parent == null || depth == parent.request().depth() + (parent.name().equals("ok") ? 1 : 0),
                () -> url(outcome) + " is at depth " + depth);
        judgement.expect(depth <= job.scope().maxDepth(), () -> url(outcome) + " is too deep: " + depth);
    }

    private Set<String> toFollow(Content.Html html) {
        Set<String> links = new LinkedHashSet<>(html.links());
        if (!job.politeness().obeyNofollow()) {
            links.addAll(html.nofollow());
        }
        return links.stream().limit(job.limits().maxLinksPerPage()).collect(Collectors.toSet());
    }

    /** Every link of every page that is ok was admitted. */
    private void links() {
        for (Outcome page : outcomes.values()) {
            if (page.name().equals("ok") && page.request().depth() < job.scope().maxDepth()
                    && web.at(url(page)) instanceof Content.Html html) {
                toFollow(html).forEach(link -> taken(link, url(page)));
            }
        }
    }

    private void taken(String link, String by) {
        judgement.expect(outcomes.containsKey(link) || !SimulatedWeb.isInScope(link),
                () -> link + " was lost, named by " + by);
    }
}
