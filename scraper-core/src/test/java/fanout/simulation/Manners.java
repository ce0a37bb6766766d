package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.job.Politeness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What hosts may expect: delay, Retry-After, Crawl-delay, so many requests at once, so many a second, robots.txt obeyed. */
final class Manners {

    private static final int MOST_SITEMAPS = 2;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Simulation run;
    private final Verdict verdict;
    private final CrawlJob job;
    private final Politeness politeness;
    private final List<Visit> visits;

    Manners(Simulation run, Verdict verdict) {
        this.run = run;
        this.verdict = verdict;
        this.job = run.plan.job();
        this.politeness = job.politeness();
        this.visits = run.network.visits();
    }

    void check() {
        Map<String, List<Visit>> hosts =
                visits.stream().collect(Collectors.groupingBy(Visit::host, TreeMap::new, Collectors.toList()));
        hosts.forEach((host, all) -> {
            delays(host, all);
            retryAfters(all);
        });
        for (Visit visit : visits) {
            verdict.expect(visit.inFlight <= job.concurrency(), () -> visit.inFlight + " in flight at " + visit);
            verdict.expect(visit.inFlightAtHost <= politeness.manners().perHostConcurrency(),
                    () -> visit.inFlightAtHost + " in flight at one host, at " + visit);
            verdict.expect(SimulatedWeb.isInScope(visit.url), () -> "out of scope: " + visit);
            verdict.expect(visit.undelivered <= mostUndelivered(),
                    () -> visit.undelivered + " pages in memory, at " + visit);
            verdict.expect(visit.sitemapsInFlight <= MOST_SITEMAPS, () -> "sitemaps in memory, at " + visit);
        }
        rate();
        pauses();
        if (politeness.obeyRobots()) {
            Map<String, List<Visit>> robots = visits.stream()
                    .filter(Visit::isRobots)
                    .collect(Collectors.groupingBy(visit -> SimulatedWeb.hostOfRobots(visit.url)));
            visits.stream()
                    .filter(visit -> !visit.isRobots())
                    .forEach(page -> robots(page, robots.getOrDefault(page.host(), List.of())));
        }
    }

    /** What waits in the results channel, is in the sink's hand, or in a worker's. */
    private int mostUndelivered() {
        return Math.clamp(2L * job.concurrency(), 64, 1024) + 1 + job.concurrency();
    }

    private void delays(String host, List<Visit> visitsOfHost) {
        List<Visit> written = new ArrayList<>(visitsOfHost);
        written.removeIf(visit -> visit.written.isEmpty());
        written.sort((a, b) -> Long.compare(a.writtenAt(), b.writtenAt()));
        for (int i = 1; i < written.size(); i++) {
            Visit before = written.get(i - 1);
            Visit visit = written.get(i);
            long gap = visit.writtenAt() - before.writtenAt();
            Duration needed = visit.isRobots() ? politeness.manners().delay() : delayOf(host);
            verdict.expect(gap >= needed.toNanos(),
                    () -> gap / 1e6 + " ms after the request before it, not " + needed + ": " + visit);
        }
    }

    private Duration delayOf(String host) {
        Duration own = politeness.manners().delay();
        Duration asked = politeness.obeyRobots() ? run.plan.web().crawlDelayOf(host).orElse(own) : own;
        Duration counts = asked.compareTo(politeness.maxCrawlDelay()) > 0 ? politeness.maxCrawlDelay() : asked;
        return counts.compareTo(own) > 0 ? counts : own;
    }

    private void retryAfters(List<Visit> visitsOfHost) {
        for (Visit busy : visitsOfHost) {
            boolean holds =
                    busy.retryAfter.filter(asked -> asked.compareTo(politeness.maxRetryAfter()) <= 0).isPresent();
            for (Visit visit : holds ? visitsOfHost : List.<Visit>of()) {
                verdict.expect(!visit.began.isSettledAfter(busy.end()) || visit.began.time() >= busy.holdsUntil,
                        () -> visit + "\n    came before the Retry-After of " + busy);
            }
        }
    }

    /** Where no time slips a visit begins when it is leased. */
    private void rate() {
        int most = politeness.maxRequestsPerSecond();
        for (int i = 0; i + most < visits.size() && run.plan.machine().slips() == 0; i++) {
            Visit later = visits.get(i + most);
            verdict.expect(later.began.time() - visits.get(i).began.time() >= SECOND,
                    () -> "more than " + most + " requests within a second, the last: " + later);
        }
    }

    /** After a failure comes a pause, with jitter at least half of it. */
    private void pauses() {
        long least = job.retries().backoff().toNanos() / 2 - Duration.ofMillis(1).toNanos();
        Map<String, Visit> failed = new TreeMap<>();
        for (Visit visit : visits) {
            Visit before = failed.get(visit.url);
            verdict.expect(before == null || visit.began.time() - before.end().time() >= least,
                    () -> visit + "\n    was tried again too soon after " + before);
            if (visit.status >= 500 || (visit.failure.isPresent() && !visit.isUncounted())) {
                failed.put(visit.url, visit);
            } else {
                failed.remove(visit.url);
            }
        }
    }

    /** A page is asked for once its host's rules are known, and if they allow it. */
    private void robots(Visit page, List<Visit> chain) {
        Visit last = null;
        for (Visit visit : chain) {
            last = visit.end().time() <= page.began.time() ? visit
                    : last;
        }
        Visit known = last;
        boolean says = known != null && known.status >= 200 && known.status != 429 && known.status < 500;
        verdict.expect(says, () -> page + "\n    was asked for before robots.txt, of which is known " + known);
        boolean forbids = known != null && run.plan.web().at(known.url) instanceof Content.Robots rules
                && rules.forbidsPrivate();
        verdict.expect(!forbids || !SimulatedWeb.isPrivate(page.url), () -> page + "\n    is forbidden by " + known);
    }
}
