package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.job.Politeness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How one crawl behaves, whatever others do: in scope, so many requests at once and a second,
 * robots.txt obeyed, results in memory bounded. What it owes a host together with others is in
 * {@link HostManners}.
 */
final class Manners {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Plan plan;
    private final Judgement judgement;
    private final CrawlJob job;
    private final Politeness politeness;
    private final List<Visit> visits;

    Manners(Simulation simulation, SimulatedCrawl run, Judgement judgement) {
        this.plan = simulation.plan;
        this.judgement = judgement;
        this.job = run.plan.job();
        this.politeness = job.politeness();
        this.visits = simulation.log.visits(run.plan);
    }

    void check() {
        for (Visit visit : visits) {
            judgement.expect(visit.inFlight <= job.concurrency(), () -> visit.inFlight + " in flight at " + visit);
            judgement.expect(SimulatedWeb.isInScope(visit.url)
                    || (job.scope().checkExternal() && !SimulatedWeb.isSitemap(visit.url)),
                    () -> "out of scope: " + visit);
            judgement.expect(visit.undelivered <= mostUndelivered(),
                    () -> visit.undelivered + " pages in memory, at " + visit);
        }
        rate();
        if (!politeness.obeyRobots() && !job.start().sitemapsFromRobots()) {
            visits.forEach(visit -> judgement.expect(!visit.isRobots(), () -> "asked for in vain: " + visit));
        } else if (politeness.obeyRobots()) {
            Map<String, List<Visit>> robots = visits.stream()
                    .filter(Visit::isRobots)
                    .collect(Collectors.groupingBy(visit -> SimulatedWeb.hostOfRobots(visit.url)));
            visits.stream()
                    .filter(visit -> !visit.isRobots())
                    .forEach(page -> robots(page, robots.getOrDefault(page.host(), List.of())));
        }
    }

    /** What waits in the results channel, is with the sink, or with a worker. */
    private int mostUndelivered() {
        return Math.clamp(2L * job.concurrency(), 64, 1024) + 1 + job.concurrency();
    }

    /** Where no time slips a visit begins when it is leased. */
    private void rate() {
        int most = politeness.maxRequestsPerSecond();
        for (int i = 0; i + most < visits.size() && plan.machine().slips() == 0; i++) {
            Visit later = visits.get(i + most);
            judgement.expect(later.began.time() - visits.get(i).began.time() >= SECOND,
                    () -> "more than " + most + " requests within a second, the last: " + later);
        }
    }

    /**
     * A page is asked for once its host's rules are known, and if they allow it. Rules that were dropped are not known.
     */
    private void robots(Visit page, List<Visit> chain) {
        List<Visit> asked = chain.stream().filter(visit -> visit.began.time() <= page.began.time()).toList();
        Visit known = asked.isEmpty() || asked.getLast().end().time() > page.began.time() ? null : asked.getLast();
        boolean says = known != null && known.status >= 200 && known.status != 429 && known.status < 500;
        judgement.expect(says, () -> page + "\n    was asked for before robots.txt, of which is known " + known);
        boolean forbids = known != null && plan.web().at(known.url) instanceof Content.Robots rules
                && rules.forbidsPrivate();
        judgement.expect(!forbids || !SimulatedWeb.isPrivate(page.url), () -> page + "\n    is forbidden by " + known);
    }
}
