package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.page.Request;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        Set<Request> starts = Set.copyOf(run.plan.starts());
        outcomes.values().stream().filter(outcome -> !starts.contains(outcome.request())).forEach(this::origin);
        CrawlReport report = run.report().orElseThrow();
        if (run.isComplete() && report.accounting().discovered() < job.limits().maxUrls()) {
            starts.forEach(start -> judgement.expect(
                    Optional.ofNullable(outcomes.get(RequestRules.key(start)))
                            .map(Outcome::request)
                            .equals(Optional.of(start)),
                    () -> start + " was lost, a start request"));
            links();
            if (report.finishReason() == FinishReason.EXHAUSTED) {
                sitemapPages.stream()
                        .filter(SimulatedWeb::isInScope) // an entry out of scope is no link
                        .forEach(page -> taken(page, "a sitemap"));
            }
        }
    }

    private static String url(Outcome outcome) {
        return outcome.request().url().toString();
    }

    /** What is said to have named a request did, and made it what it is. */
    private void origin(Outcome outcome) {
        Request request = outcome.request();
        String from = request.referrer().map(Object::toString).orElse("no page");
        boolean fromOutside = request.referrer().isPresent() && !SimulatedWeb.isInScope(from);
        boolean linked = switch (web.at(from)) {
            case Content.Html html -> toFollow(html).contains(url(outcome)) && !fromOutside;
            case Content.Moved moved -> moved.location().equals(url(outcome))
                    && !(fromOutside && SimulatedWeb.isInScope(url(outcome)));
            case Content.Text _,Content.Image _,Content.Status _,Content.Dead _,Content.Inner _,Content.Robots _,Content.Sitemap _ ->
                    false;
        };
        boolean listed = request.referrer().isEmpty() && sitemapPages.contains(url(outcome))
                && request.details().equals(Request.Details.NONE);
        judgement.expect(linked || listed, () -> url(outcome) + " was not named by " + from);
        List<Request> parents =
                outcomes.values().stream().filter(one -> url(one).equals(from)).map(Outcome::request).toList();
        judgement.expect(parents.isEmpty() || parents.stream().anyMatch(parent -> leadsTo(parent, request)),
                () -> request + "\n    is not what these lead to: " + parents);
        judgement.expect(job.scope().followDuplicates() || parents.isEmpty() || outcomes.values()
                .stream()
                .anyMatch(one -> url(one).equals(from) && !isDuplicate(one)),
                () -> url(outcome) + " was found on a duplicate, " + from);
        int deepest = job.scope().maxDepth() + (SimulatedWeb.isInScope(url(outcome)) ? 0 : 1);
        judgement.expect(request.depth() <= deepest,
                () -> url(outcome) + " is too deep: " + request.depth());
    }

    private boolean leadsTo(Request parent, Request child) {
        if (ExternalChecks.isOutside(child)) { // whose details are of one kind only
            return web.at(parent.url().toString()) instanceof Content.Moved ? child.depth() == parent.depth()
                    : child.depth() == parent.depth() + 1 && parent.details().method() != Request.Method.HEAD;
        }
        return web.at(parent.url().toString()) instanceof Content.Moved moved
                ? child.depth() == parent.depth()
                        && child.details().equals(RequestRules.redirected(parent.details(), moved.status()))
                : child.depth() == parent.depth() + 1 && parent.details().method() != Request.Method.HEAD
                        && child.details().equals(RequestRules.linked(parent.details()));
    }

    private static boolean isDuplicate(Outcome outcome) {
        return outcome instanceof Fetched page && page.duplicateOf().isPresent();
    }

    private Set<String> toFollow(Content.Html html) {
        Set<String> links = new LinkedHashSet<>(html.links());
        if (!job.politeness().obeyNofollow()) {
            links.addAll(html.nofollow());
        }
        return PartLimits.inOrder(job.limits(), List.copyOf(links))
                .stream()
                .limit(job.limits().maxLinksPerPage())
                .collect(Collectors.toSet());
    }

    /** Every link of every page that is ok was admitted, those out of scope also of the deepest pages. */
    private void links() {
        for (Outcome page : outcomes.values()) {
            if (page.name().equals("ok") && page.request().details().method() != Request.Method.HEAD
                    && (job.scope().followDuplicates() || !isDuplicate(page))
                    && SimulatedWeb.isInScope(url(page)) && web.at(url(page)) instanceof Content.Html html) {
                toFollow(html).stream()
                        .filter(link -> page.request().depth() < job.scope().maxDepth()
                                || !SimulatedWeb.isInScope(link))
                        .forEach(link -> taken(link, url(page)));
            }
            if (page instanceof Redirected redirected && mayLeadOutside(page)
                    && redirected.target().toString().startsWith("http:")
                    && !SimulatedWeb.isInScope(redirected.target().toString())) {
                taken(redirected.target().toString(), url(page));
            }
        }
    }

    /** Whether the redirects of a request are those of a link, which may lead out of scope to be asked there. */
    private boolean mayLeadOutside(Outcome redirected) {
        return redirected.trail().redirects() == 0 && !run.plan.starts().contains(redirected.request());
    }

    private void taken(String link, String by) {
        judgement.expect(outcomes.containsKey(link)
                || (!SimulatedWeb.isInScope(link) && !job.scope().checkExternal()),
                () -> link + " was lost, named by " + by);
    }
}
