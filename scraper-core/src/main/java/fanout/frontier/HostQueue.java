package fanout.frontier;

import fanout.host.Circuit;
import fanout.host.Pace;
import fanout.host.RobotsRules;
import fanout.page.Outcome;
import fanout.page.SkipReason;
import fanout.url.Host;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** One host: what waits for it, how it is doing, and when it may be asked next. Guarded by the frontier's lock. */
final class HostQueue {

    /** Robots.txt or a sitemap to fetch. */
    record Errand(Work work, long notBefore) {}

    /** What all hosts share: how much waits at any of them, and how many sitemaps are being fetched. */
    static final class Common {

        private static final int MOST_SITEMAPS_AT_ONCE = 2;

        private long waiting;
        private int sitemapsOut;

        boolean nothingWaits() {
            return waiting == 0;
        }

        void sitemapTaken() {
            sitemapsOut++;
        }

        void sitemapGivenBack() {
            sitemapsOut--;
        }

        private boolean allowsSitemap() {
            return sitemapsOut < MOST_SITEMAPS_AT_ONCE;
        }
    }

    /** Where the schedule keeps this host. */
    enum Place {
        NOWHERE, READY, DELAYED
    }

    final Host host;
    final Circuit circuit;
    Pace pace;
    Robots robots = new Robots.Unknown();
    int inFlight;
    int unwritten;

    // Written by Schedule only.
    Place place = Place.NOWHERE;
    long wakeAt;

    private final int number;
    private final Common common;
    private final PriorityQueue<Errand> robotsErrands = errands();
    private final PriorityQueue<Errand> sitemaps = errands();
    private final ArrayDeque<Pending> fresh = new ArrayDeque<>();
    private final PriorityQueue<Pending> retries = new PriorityQueue<>(
            Comparator.comparing(Pending::notBefore, HostQueue::compareTimes));

    HostQueue(Host host, int number, Pace pace, Circuit circuit, Common common) {
        this.common = common;
        this.host = host;
        this.number = number;
        this.pace = pace;
        this.circuit = circuit;
    }

    static int compareTimes(long a, long b) {
        return Long.signum(a - b);
    }

    private static PriorityQueue<Errand> errands() {
        return new PriorityQueue<>(1, Comparator.comparing(Errand::notBefore, HostQueue::compareTimes));
    }

    int number() {
        return number;
    }

    void add(Pending pending) {
        common.waiting++;
        if (pending.last() == null) {
            fresh.add(pending);
        } else {
            retries.add(pending);
        }
    }

    void add(Errand errand) {
        common.waiting++;
        switch (errand.work()) {
            case Work.FetchRobots _ -> robotsErrands.add(errand);
            case Work.FetchSitemap _ -> sitemaps.add(errand);
            case Work.FetchPage _ -> throw new IllegalArgumentException("a page is no errand");
        }
    }

    /** URLs of pages that wait here. */
    int pages() {
        return fresh.size() + retries.size();
    }

    boolean isAwaitingRobots() {
        return robots instanceof Robots.Awaited;
    }

    /** When something can be leased, a moment past included; empty if not before something else has ended. */
    OptionalLong nextAt() {
        boolean busy = inFlight >= pace.manners().perHostConcurrency()
                || (unwritten > 0 && pace.isPaced())
                || (inFlight > 0 && circuit.phase() != Circuit.Phase.CLOSED);
        OptionalLong work = busy ? OptionalLong.empty() : workAt();
        if (work.isEmpty()) {
            return work;
        }
        long at = later(work.getAsLong(), pace.nextAt());
        return OptionalLong.of(circuit.phase() == Circuit.Phase.OPEN ? later(at, circuit.reopensAt()) : at);
    }

    private OptionalLong workAt() {
        Errand robotsTxt = robotsErrands.peek();
        OptionalLong at = robotsTxt == null ? OptionalLong.empty() : OptionalLong.of(robotsTxt.notBefore());
        if (isAwaitingRobots()) {
            return at;
        }
        if (!fresh.isEmpty()) {
            return OptionalLong.of(pace.nextAt());
        }
        Errand sitemap = common.allowsSitemap() ? sitemaps.peek() : null;
        Pending retry = retries.peek();
        at = sitemap == null ? at : sooner(at, sitemap.notBefore());
        return retry == null ? at : sooner(at, retry.notBefore());
    }

    private static OptionalLong sooner(OptionalLong a, long b) {
        return OptionalLong.of(a.isPresent() && compareTimes(a.getAsLong(), b) < 0 ? a.getAsLong() : b);
    }

    private static long later(long a, long b) {
        return compareTimes(a, b) > 0 ? a : b;
    }

    /** Takes an errand that is due. */
    Optional<Work> pollErrand(long now) {
        if (isDue(robotsErrands.peek(), now)) {
            return Optional.of(taken(robotsErrands.remove().work()));
        }
        if (!isAwaitingRobots() && common.allowsSitemap() && isDue(sitemaps.peek(), now)) {
            return Optional.of(taken(sitemaps.remove().work()));
        }
        return Optional.empty();
    }

    private static boolean isDue(@Nullable Errand errand, long now) {
        return errand != null && compareTimes(errand.notBefore(), now) <= 0;
    }

    /** Takes a page that is due: repetitions before first attempts, for they have waited longer. */
    Pending pollPage(long now) {
        Pending retry = retries.peek();
        return taken(retry != null && compareTimes(retry.notBefore(), now) <= 0 ? retries.remove() : fresh.remove());
    }

    /** Takes every page that waits here. */
    List<Pending> drainPages() {
        List<Pending> drained = new ArrayList<>(fresh);
        drained.addAll(retries);
        fresh.clear();
        retries.clear();
        common.waiting -= drained.size();
        return drained;
    }

    boolean hasSitemaps() {
        return !sitemaps.isEmpty();
    }

    /** Takes every sitemap that waits here. */
    List<Work> drainSitemaps() {
        return drain(sitemaps);
    }

    /** Takes every robots.txt that waits here. */
    List<Work> drainRobots() {
        return drain(robotsErrands);
    }

    private List<Work> drain(PriorityQueue<Errand> errands) {
        List<Work> drained = errands.stream().map(Errand::work).toList();
        errands.clear();
        common.waiting -= drained.size();
        return drained;
    }

    private <T> T taken(T work) {
        common.waiting--;
        return work;
    }

    /** The rules for pages that may be tried. */
    RobotsRules rules() {
        return switch (robots) {
            case Robots.Known known -> known.rules();
            case Robots.Unknown _,Robots.Awaited _,Robots.Withheld _,Robots.Unreachable _ ->
                    throw new IllegalStateException("no page of " + host + " may be tried");
        };
    }

    /** The outcome of a page, and of the redirects that led to it, if the host's state decides it. */
    Optional<List<Outcome>> verdictOn(Pending pending) {
        if (circuit.isGivenUp()) {
            return Optional.of(pending.skipped(SkipReason.CIRCUIT_OPEN, Optional.of("the host kept failing")));
        }
        return robots.verdictOn(pending);
    }
}
