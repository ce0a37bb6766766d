package fanout.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a host may expect of all crawls together, to which they are one visitor: delay, so many requests at once,
 * Retry-After. Of crawls that visit it at the same time the strictest counts. Judged by the network's log alone.
 */
final class HostManners {

    private static final int MOST_SITEMAPS = 2;

    private final SimulatedWeb web;
    private final List<Visit> visits;
    private final Judgement judgement;

    HostManners(Simulation run, Judgement judgement) {
        this.web = run.plan.web();
        this.visits = run.log.visits();
        this.judgement = judgement;
    }

    void check() {
        for (Visit visit : visits) {
            judgement.expect(visit.sitemapsInFlight <= MOST_SITEMAPS, () -> "sitemaps in memory, at " + visit);
            atOnce(visit);
        }
        Map<String, List<Visit>> hosts =
                visits.stream().collect(Collectors.groupingBy(Visit::host, TreeMap::new, Collectors.toList()));
        for (List<Visit> host : hosts.values()) {
            delays(host);
            host.forEach(visit -> retryAfter(visit, host));
        }
    }

    private void atOnce(Visit visit) {
        int allowed = Stream.concat(Stream.of(visit), visit.besides.stream())
                .mapToInt(one -> one.crawl.manners().perHostConcurrency())
                .min()
                .orElseThrow();
        int requests = visit.besides.size() + 1;
        judgement.expect(requests <= allowed,
                () -> requests + " in flight at one host, not " + allowed + ": " + visit + " and " + visit.besides);
    }

    private void delays(List<Visit> host) {
        List<Visit> written = new ArrayList<>(host);
        written.removeIf(visit -> visit.written.isEmpty());
        written.sort(Comparator.comparingLong(Visit::writtenAt)); // stable: those of one moment stay as they began
        for (int i = 1; i < written.size(); i++) {
            Visit before = written.get(i - 1);
            Visit visit = written.get(i);
            long gap = visit.writtenAt() - before.writtenAt();
            Duration needed = Stream.concat(Stream.of(visit), others(visit, host))
                    .map(one -> one.crawl.delayBefore(one, web))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            judgement.expect(gap >= needed.toNanos(), () -> gap / 1e6 + " ms after the request before it, not " + needed
                    + ": " + visit + "\n    after " + before);
        }
    }

    /** Other crawls' visits that had begun when this request was written, and had not ended. */
    private static Stream<Visit> others(Visit visit, List<Visit> host) {
        long at = visit.writtenAt();
        return host.stream()
                .filter(one -> !one.isOf(visit.crawl) && one.began.time() < at && at < one.end().time());
    }

    /** An answer counts if its crawl got it, and is willing to wait for so long. */
    private void retryAfter(Visit busy, List<Visit> host) {
        Duration most = busy.crawl.job().politeness().maxRetryAfter();
        boolean holds = !busy.interrupted && busy.retryAfter.filter(asked -> asked.compareTo(most) <= 0).isPresent();
        for (Visit visit : holds ? host : List.<Visit>of()) {
            judgement.expect(!visit.began.isSettledAfter(busy.end()) || visit.began.time() >= busy.holdsUntil,
                    () -> visit + "\n    came before the Retry-After of " + busy);
        }
    }
}
