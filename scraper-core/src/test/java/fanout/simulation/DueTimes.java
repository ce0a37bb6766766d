package fanout.simulation;

import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * From when on a crawl could have asked for a page, as far as that can be said for certain from the log and its sink. A
 * page is due from the moment in which its crawl knew of it, and the host's rules. A worker is free while the crawl's
 * visits are fewer than its workers.
 */
final class DueTimes {

    private static final int TOO_MANY_REQUESTS = 429;

    private final SimulatedCrawl crawl;
    private final List<Visit> visits;
    private final Map<String, Outcome> outcomes = new HashMap<>();

    DueTimes(SimulatedCrawl crawl, NetworkLog log) {
        this.crawl = crawl;
        this.visits = log.visits(crawl.plan);
        crawl.sink.written().forEach(outcome -> outcomes.put(outcome.request().url().toString(), outcome));
    }

    /**
     * Whether nothing but a host and the crawl's own workers can hold it up there: neither its sink nor its rate; nor
     * has it had turns without a request, for pages that are not allowed.
     */
    boolean areCertainAt(String host) {
        return crawl.isComplete() && !crawl.plan.sink().isTrouble()
                && crawl.plan.job().politeness().maxRequestsPerSecond() == CrawlPlan.UNLIMITED
                && outcomes.values()
                        .stream()
                        .noneMatch(outcome -> outcome instanceof Skipped skipped && skipped.why() == SkipReason.ROBOTS
                                && SimulatedWeb.hostOf(outcome.request().url().toString()).equals(host));
    }

    /** Whether the host may be held for a while after this visit, by a circuit or a Retry-After. */
    static boolean endUncertainly(Visit visit) {
        return visit.failure.isPresent() || visit.status >= TOO_MANY_REQUESTS;
    }

    /** When a page was due; empty for other visits, repetitions, and pages that only a sitemap names. */
    Optional<Moment> of(Visit visit) {
        Outcome outcome = outcomes.get(visit.url);
        if (outcome == null || lastEnd(visit, one -> one.url.equals(visit.url)).isPresent()) {
            return Optional.empty();
        }
        Optional<String> referrer = outcome.request().referrer().map(Object::toString);
        Optional<Moment> named = referrer.isPresent()
                ? lastEnd(visit, one -> one.url.equals(referrer.get()))
                : crawl.plan.starts().contains(visit.url) ? Optional.of(crawl.began()) : Optional.empty();
        Optional<Moment> ruled =
                lastEnd(visit, one -> one.isRobots() && SimulatedWeb.hostOfRobots(one.url).equals(visit.host()));
        return ruled.isEmpty() && crawl.plan.job().politeness().obeyRobots()
                ? Optional.empty()
                : named.map(one -> Moment.later(one, ruled.orElse(one)));
    }

    /** When the last of the crawl's visits of a kind before this one ended. */
    private Optional<Moment> lastEnd(Visit before, Predicate<Visit> kind) {
        return visits.stream()
                .takeWhile(one -> !one.equals(before))
                .filter(kind)
                .map(Visit::end)
                .reduce((_, last) -> last);
    }

    /** Whether the crawl had a worker to spare, and room in its budget, from one moment to another. */
    boolean hasFreeWorker(Moment from, Moment to) {
        long busy = visits.stream()
                .filter(one -> one.end().time() >= from.time() && one.began.time() <= to.time())
                .count();
        long pages = visits.stream().filter(one -> one.isPage() && one.began.time() <= to.time()).count();
        return busy < crawl.plan.job().concurrency() && pages < crawl.plan.job().limits().maxPages();
    }
}
