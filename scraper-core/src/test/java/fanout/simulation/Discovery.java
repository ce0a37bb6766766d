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

/** Which URLs were taken on: whatever is named by a page, a redirect or a sitemap in scope, and nothing else. */
final class Discovery {

    private final Simulation run;
    private final Verdict verdict;
    private final CrawlJob job;
    private final Map<String, Outcome> outcomes;
    private final Set<String> sitemapPages;

    Discovery(Simulation run, Verdict verdict, Map<String, Outcome> outcomes) {
        this.run = run;
        this.verdict = verdict;
        this.job = run.plan.job();
        this.outcomes = outcomes;
        this.sitemapPages = run.network.visits()
                .stream()
                .filter(visit -> SimulatedWeb.isSitemap(visit.url) && visit.isOk())
                .flatMap(visit -> run.plan.web().at(visit.url) instanceof Content.Sitemap map
                        ? map.pages().stream()
                        : Stream.empty())
                .collect(Collectors.toSet());
    }

    /** @param complete whether the sink has all outcomes */
    void check(boolean complete) {
        outcomes.values().stream().filter(outcome -> !isStart(outcome)).forEach(this::origin);
        CrawlReport report = run.report().orElseThrow();
        if (complete && report.accounting().discovered() < job.limits().maxUrls()) {
            links();
            if (report.finishReason() == FinishReason.EXHAUSTED) {
                sitemapPages.forEach(page -> taken(page, "a sitemap"));
            }
        }
    }

    private boolean isStart(Outcome outcome) {
        return run.plan.web().starts().contains(url(outcome));
    }

    private static String url(Outcome outcome) {
        return outcome.request().url().toString();
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

    /** Every link of every page that is ok was taken on. */
    private void links() {
        for (Outcome page : outcomes.values()) {
            if (page.name().equals("ok") && page.request().depth() < job.scope().maxDepth()
                    && run.plan.web().at(url(page)) instanceof Content.Html html) {
                toFollow(html).forEach(link -> taken(link, url(page)));
            }
        }
    }

    private void taken(String link, String by) {
        verdict.expect(outcomes.containsKey(link) || !SimulatedWeb.isInScope(link),
                () -> link + " was lost, named by " + by);
    }
}
