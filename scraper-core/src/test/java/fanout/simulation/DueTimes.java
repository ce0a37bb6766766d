package fanout.simulation;

import fanout.job.CircuitBreaking;
import fanout.job.Limits;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.page.Request;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * From when on a crawl could have asked for a page, as far as that can be said for certain from the log and its sink. A
 * page is due from the moment in which its crawl knew of it, and the host's rules. A worker is free while the crawl's
 * visits are fewer than its workers.
 */
final class DueTimes {

    private final SimulatedCrawl crawl;
    private final List<Visit> visits;
    private final Map<String, Outcome> outcomes = new HashMap<>();

    DueTimes(SimulatedCrawl crawl, NetworkLog log) {
        this.crawl = crawl;
        this.visits = log.visits(crawl.plan);
        crawl.sink.written().forEach(outcome -> outcomes.put(RequestRules.key(outcome.request()), outcome));
    }

    /**
     * Whether nothing but a host, the rate and the crawl's own workers can hold it up there: not its sink; nor
     * has it had turns without a request, for pages that are not allowed.
     */
    boolean areCertainAt(String host) {
        boolean isLimited = crawl.plan.job().politeness().maxRequestsPerSecond() != CrawlPlan.UNLIMITED;
        return crawl.isComplete() && !crawl.plan.sink().isTrouble()
                && outcomes.values()
                        .stream()
                        .noneMatch(outcome -> outcome instanceof Skipped skipped && skipped.why() == SkipReason.ROBOTS
                                && (isLimited
                                        || SimulatedWeb.hostOf(outcome.request().url().toString()).equals(host)));
    }

    /** Whether so many visits of the crawl to a host may have opened its circuit there. */
    boolean mayHaveOpened(List<Visit> visits) {
        CircuitBreaking circuit = crawl.plan.job().circuitBreaker();
        long failures = visits.stream().filter(visit -> visit.isOf(crawl.plan) && Skips.isFailure(visit)).count();
        return failures >= Skips.leastFailures(circuit)
                && visits.stream().filter(visit -> visit.isOf(crawl.plan)).count() >= circuit.window();
    }

    /** Until when an answer holds its host at the most. */
    static Moment holds(Visit visit) {
        Duration most = visit.crawl.job().politeness().maxRetryAfter();
        return visit.retryAfter.filter(asked -> asked.compareTo(most) <= 0)
                .map(asked -> visit.end().plus(asked.toNanos()))
                .orElse(visit.end());
    }

    /** When a page was due; empty for other visits, what redirects led back to, and pages that only a sitemap names. */
    Optional<Moment> of(Visit visit) {
        return named(visit).map(due -> Moment.later(due, rated(visit)));
    }

    /** When the limit over all hosts let the visit begin: its requests are spaced evenly. */
    private Moment rated(Visit visit) {
        long spacing = Math.ceilDiv(Duration.ofSeconds(1).toNanos(),
                (long) crawl.plan.job().politeness().maxRequestsPerSecond());
        int at = visits.indexOf(visit);
        return at == 0 || spacing <= Duration.ofSeconds(1).toNanos() / CrawlPlan.UNLIMITED ? crawl.began()
                : visits.get(at - 1).began.plus(spacing);
    }

    private Optional<Moment> named(Visit visit) {
        Outcome outcome = outcomes.get(visit.key);
        Optional<Visit> before = last(visit, one -> one.key.equals(visit.key));
        if (outcome == null || before.isPresent()) {
            return before.filter(one -> outcome != null && one.location.isEmpty())
                    .map(one -> one.isUncounted() ? one.end()
                            : one.end().plus(crawl.plan.job().retries().maxBackoff().toNanos()));
        }
        Optional<Moment> named = found(visit);
        Optional<Visit> rules =
                last(visit, one -> one.isRobots() && SimulatedWeb.hostOfRobots(one.url).equals(visit.host()));
        if (rules.flatMap(one -> one.location).isPresent()) {
            return Optional.empty(); // they waited at the host that they had moved to, and the crawl gave that up
        }
        Optional<Moment> ruled = rules.map(Visit::end);
        return ruled.isEmpty() && crawl.plan.job().politeness().obeyRobots()
                ? Optional.empty()
                : named.map(one -> Moment.later(one, ruled.orElse(one)));
    }

    /** By when the crawl had learned of a request that was not visited before; empty if only a sitemap names it. */
    Optional<Moment> found(Visit visit) {
        return found(visit, Moment::later);
    }

    /** Before when it had not: a page at one URL may have been asked for in several ways. */
    Optional<Moment> foundNotBefore(Visit visit) {
        return found(visit, (one, other) -> one.time() <= other.time() ? one : other);
    }

    private Optional<Moment> found(Visit visit, BinaryOperator<Moment> which) {
        Request request = Objects.requireNonNull(outcomes.get(visit.key)).request();
        Optional<String> referrer = request.referrer().map(Object::toString);
        return referrer.isPresent()
                ? before(visit).filter(one -> one.url.equals(referrer.get())).map(Visit::end).reduce(which)
                : crawl.plan.starts().contains(request) ? Optional.of(crawl.began()) : Optional.empty();
    }

    private Optional<Visit> last(Visit before, Predicate<Visit> kind) {
        return before(before).filter(kind).reduce((_, last) -> last);
    }

    private Stream<Visit> before(Visit visit) {
        return visits.stream().takeWhile(one -> !one.equals(visit));
    }

    /** Whether the crawl had a worker to spare, and no part of it a budget that may be spent, between two moments. */
    boolean hasFreeWorker(Moment from, Moment to) {
        long busy = visits.stream()
                .filter(one -> one.end().time() >= from.time() && one.began.time() <= to.time())
                .count();
        long pages = visits.stream().filter(one -> one.isPage() && one.began.time() <= to.time()).count();
        Limits limits = crawl.plan.job().limits();
        return busy < crawl.plan.job().concurrency() && pages < limits.maxPages() && !limits.countParts();
    }
}
