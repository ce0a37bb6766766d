package fanout.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether hosts are asked as soon as they may be, and by whom. Crawls that have work at one host take turns: while a
 * crawl has a page to ask for there, and a worker that is free to do it, no other crawl has two turns. A crawl that is
 * alone at a host waits for its own delay and for nothing that others have left behind.
 *
 * <p>Only what {@link DueTimes} knows for certain is judged. A machine on which time slips may be late, and a worker
 * that is free has its turn all the same if it is not late by much.
 */
final class Turns {

    /**
     * A turn is kept for a free worker that is late by this much; it is kept for a second, and some of that pass by the
     * clock.
     */
    private static final long MOST_SLIP = Duration.ofMillis(500).toNanos();

    private final Simulation run;
    private final Judgement judgement;

    Turns(Simulation run, Judgement judgement) {
        this.run = run;
        this.judgement = judgement;
    }

    void check() {
        Map<String, List<Visit>> hosts = run.log.visits()
                .stream()
                .collect(Collectors.groupingBy(Visit::host, TreeMap::new, Collectors.toList()));
        for (SimulatedCrawl crawl : run.crawls) {
            DueTimes dueTimes = new DueTimes(crawl, run.log);
            hosts.forEach((host, visits) -> {
                if (dueTimes.areCertainAt(host)) {
                    new AtHost(crawl, visits, dueTimes).check();
                }
            });
        }
    }

    /** The visits of all crawls to a host, as one of them sees them. */
    private final class AtHost {

        private final SimulatedCrawl crawl;
        private final List<Visit> visits;
        private final DueTimes dueTimes;

        AtHost(SimulatedCrawl crawl, List<Visit> visits, DueTimes dueTimes) {
            this.crawl = crawl;
            this.visits = visits;
            this.dueTimes = dueTimes;
        }

        void check() {
            Moment lastTurn = crawl.began();
            List<Visit> others = new ArrayList<>();
            for (int i = 0; i < visits.size(); i++) {
                Visit visit = visits.get(i);
                if (visit.isOf(crawl.plan)) {
                    Moment since = lastTurn;
                    List<Visit> earlier = visits.subList(0, i);
                    dueTimes.of(visit).ifPresent(due -> {
                        turns(visit, Moment.later(due, since), others);
                        promptness(visit, due, earlier);
                    });
                    if (dueTimes.mayHaveOpened(visits.subList(0, i + 1))) {
                        return; // the crawl's circuit may hold it up from now on
                    }
                    lastTurn = visit.began;
                    others.clear();
                } else {
                    others.add(visit);
                }
            }
        }

        /** Of these visits of others no two of one crawl came while this one was due. */
        private void turns(Visit visit, Moment due, List<Visit> others) {
            Map<Integer, Visit> earlier = new HashMap<>();
            for (Visit other : others) {
                boolean counts = other.began.isSettledAfter(due) && visit.began.isSettledAfter(other.began);
                Visit first = counts ? earlier.put(other.crawl.number(), other) : null;
                judgement.expect(first == null || !dueTimes.hasFreeWorker(first.began, other.began)
                        || other.began.slippedSince(first.began) > MOST_SLIP,
                        () -> "two turns, " + first + " and " + other + ",\n    while this was due since " + due + ": "
                                + visit);
            }
        }

        /** A visit begins when it is due and the host is ready, if no other crawl that lives may have a say in that. */
        private void promptness(Visit visit, Moment due, List<Visit> earlier) {
            if (earlier.isEmpty() || run.plan.machine().slips() > 0 || crawl.plan.manners().autoThrottle()
                    || !isAlone(visit.began)) {
                return;
            }
            long delay = crawl.plan.delayBefore(visit, run.plan.web()).toNanos();
            Moment idle = earlier.stream().map(Visit::end).reduce(due, Moment::later);
            Moment held = earlier.stream().map(DueTimes::holds).reduce(due, Moment::later);
            Moment ready = run.crawls.stream()
                    .filter(other -> !other.equals(crawl) && other.ended().time() <= visit.began.time())
                    .map(SimulatedCrawl::ended)
                    .reduce(Moment.later(idle.plus(delay), held), Moment::later);
            judgement.expect(!visit.began.isSettledAfter(ready) || !dueTimes.hasFreeWorker(ready, visit.began),
                    () -> visit + "\n    came later than it had to, for it was due at " + ready);
        }

        private boolean isAlone(Moment moment) {
            return run.crawls.stream()
                    .allMatch(other -> other.equals(crawl) || other.ended().time() <= moment.time()
                            || other.began().time() > moment.time());
        }
    }
}
