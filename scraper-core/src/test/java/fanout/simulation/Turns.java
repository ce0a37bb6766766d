package fanout.simulation;

import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Crawls that have work at one host take turns: while a crawl has a page to ask for there, and a worker that is free to do it, no other
 * crawl has two turns.
 *
 * <p>Only what can be said for certain is judged. A page is due from the moment in which its crawl knew of it, and the host's rules. A
 * worker is free while the crawl's visits are fewer than its workers. A crawl whose circuit, rate, budget or sink may have held it up
 * is not judged, nor one that had turns without a request, for a page that is not allowed; nor a machine on which time slips.
 */
final class Turns {

    private final Simulation run;
    private final Judgement judgement;

    Turns(Simulation run, Judgement judgement) {
        this.run = run;
        this.judgement = judgement;
    }

    void check() {
        if (run.crawls.size() == 1 || run.plan.machine().slips() > 0) {
            return;
        }
        Map<String, List<Visit>> hosts = run.log.visits()
                .stream()
                .collect(Collectors.groupingBy(Visit::host, TreeMap::new, Collectors.toList()));
        hosts.forEach((host, visits) -> run.crawls.stream()
                .filter(crawl -> isReady(crawl, host))
                .forEach(crawl -> new AtHost(crawl, visits).check()));
    }

    /** Whether nothing but the host and its own workers can hold the crawl up there. */
    private boolean isReady(SimulatedCrawl crawl, String host) {
        boolean works = crawl.isComplete() && !crawl.plan.sink().isTrouble()
                && crawl.plan.job().politeness().maxRequestsPerSecond() == CrawlPlan.UNLIMITED;
        return works && crawl.sink.written()
                .stream()
                .noneMatch(outcome -> outcome instanceof Skipped skipped && skipped.why() == SkipReason.ROBOTS
                        && SimulatedWeb.hostOf(outcome.request().url().toString()).equals(host));
    }

    /** The turns of all crawls at a host, as one of them sees it. */
    private final class AtHost {

        private final SimulatedCrawl crawl;
        private final List<Visit> visits;
        private final Map<String, Outcome> outcomes = new HashMap<>();
        private final List<Visit> own;

        AtHost(SimulatedCrawl crawl, List<Visit> visits) {
            this.crawl = crawl;
            this.visits = visits;
            this.own = run.log.visits(crawl.plan);
            crawl.sink.written().forEach(outcome -> outcomes.put(outcome.request().url().toString(), outcome));
        }

        void check() {
            Moment lastTurn = crawl.began();
            List<Visit> others = new ArrayList<>();
            for (Visit visit : visits) {
                if (visit.isOf(crawl.plan)) {
                    Moment since = lastTurn;
                    dueAt(visit).ifPresent(due -> turns(visit, Moment.later(due, since), others));
                    if (visit.failure.isPresent() || visit.status >= 429) {
                        return; // its circuit may hold it up from now on
                    }
                    lastTurn = visit.began;
                    others.clear();
                } else {
                    others.add(visit);
                }
            }
        }

        /** From when on the crawl could have asked for this page, as far as it knew of it; empty if that cannot be said. */
        private Optional<Moment> dueAt(Visit visit) {
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
        private Optional<Moment> lastEnd(Visit before, Predicate<Visit> which) {
            return own.subList(0, own.indexOf(before)).stream().filter(which).map(Visit::end).reduce((_, last) -> last);
        }

        /** Of these visits of others no two of one crawl came while this one was due. */
        private void turns(Visit visit, Moment due, List<Visit> others) {
            Map<Integer, Visit> earlier = new HashMap<>();
            for (Visit other : others) {
                boolean counts = other.began.isSettledAfter(due) && visit.began.isSettledAfter(other.began);
                Visit first = counts ? earlier.put(other.crawl.number(), other) : null;
                judgement.expect(first == null || !isFree(first, other),
                        () -> "two turns, " + first + " and " + other + ",\n    while this was due since " + due + ": "
                                + visit);
            }
        }

        /** Whether the crawl had a worker to spare, and room in its budget, from the one visit to the other. */
        private boolean isFree(Visit from, Visit to) {
            long busy = own.stream()
                    .filter(one -> one.end().time() >= from.began.time() && one.began.time() <= to.began.time())
                    .count();
            long pages = own.stream().filter(one -> one.isPage() && one.began.time() <= to.began.time()).count();
            return busy < crawl.plan.job().concurrency() && pages < crawl.plan.job().limits().maxPages();
        }
    }
}
