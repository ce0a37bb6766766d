package fanout.queue;

import fanout.backlog.Pending;
import fanout.host.Circuit;
import fanout.host.SharedHost;
import fanout.host.Terms;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.schedule.Slot;
import fanout.task.Times;
import fanout.url.Host;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One host of a crawl: what waits for it, how it is doing, and when it may be asked next. While it has work it visits the
 * {@link SharedHost}, whose pace it obeys. Guarded by the frontier's lock.
 *
 * <p>It is its own backlog of pages ({@link PageBacklog}), its circuit and memory ({@link HostHistory}), its requests in flight ({@link HostPresence})
 * and its own place in the schedule, by inheritance: with 100,000 hosts in turn, each object that a request looks at comes from main memory.
 */
public final class HostQueue extends HostPresence<HostQueue> implements Scheduled, RuleRoom.Holder {

    private final long knownSince;
    private @Nullable AuxiliaryBacklog<HostQueue> robotsFiles;
    private @Nullable AuxiliaryBacklog<HostQueue> sitemaps;
    private RobotsState robots;
    /** Written by {@link IdleHosts} only: whether it is one of those. */
    boolean isAmongIdle;
    /** Written by {@link HostsInOrder} only. */
    int place;
    /** Whether {@link CrawlRules} have the rules among those that may be dropped. */
    boolean mayLoseRules;

    HostQueue(Host host, Terms terms, RobotsState robots, OfCrawl<HostQueue> crawl, long now) {
        super(host, terms, crawl);
        this.robots = robots;
        this.knownSince = now;
    }

    @Override
    public HostQueue queue() {
        return this;
    }

    /** Its place in the schedule of a kind of work; null if it never had such work. */
    @Nullable
    Slot<HostQueue> slot(Kind kind) {
        return switch (kind) {
            case ROBOTS -> robotsFiles;
            case SITEMAP -> sitemaps;
            case PAGE -> this;
        };
    }

    /** The robots.txt files that wait here: its own, or those of hosts whose redirects led here. */
    AuxiliaryBacklog<HostQueue> robotsFiles() {
        robotsFiles = robotsFiles == null ? auxiliary(Kind.ROBOTS) : robotsFiles;
        return robotsFiles;
    }

    AuxiliaryBacklog<HostQueue> sitemaps() {
        sitemaps = sitemaps == null ? auxiliary(Kind.SITEMAP) : sitemaps;
        return sitemaps;
    }

    private AuxiliaryBacklog<HostQueue> auxiliary(Kind kind) {
        return new AuxiliaryBacklog<>(kind, this, common().waiting());
    }

    private static boolean isEmpty(@Nullable AuxiliaryBacklog<HostQueue> backlog) {
        return backlog == null || backlog.isEmpty();
    }

    /** Whether nothing waits here and nothing is in flight. */
    boolean isIdle() {
        return inFlight() == 0 && !hasPages() && isEmpty(robotsFiles) && isEmpty(sitemaps);
    }

    /** Whether there is work that needs the host's rules, or may bring more. */
    boolean needsRules() {
        return inFlight() > 0 || hasPages() || !isEmpty(sitemaps);
    }

    @Override
    public OptionalLong nextAt(Kind kind) {
        OptionalLong due = dueAt(kind);
        OptionalLong ready = due.isPresent() ? readyAt() : due;
        return ready.isPresent()
                ? OptionalLong.of(Times.later(due.getAsLong(), ready.getAsLong()))
                : ready;
    }

    @Override
    public boolean hasWork(Kind kind) {
        return dueAt(kind).isPresent();
    }

    @Override
    public OptionalLong dueAt() {
        return Times.sooner(Times.sooner(dueAt(Kind.ROBOTS), dueAt(Kind.SITEMAP)), dueAt(Kind.PAGE));
    }

    /** When work of this kind is due, the host's ready-time aside; robots.txt is a prerequisite of everything else. */
    private OptionalLong dueAt(Kind kind) {
        boolean probing = inFlight() > 0 && phase() != Circuit.Phase.CLOSED;
        boolean held = switch (kind) {
            case ROBOTS -> false;
            case SITEMAP -> isAwaitingRobots();
            case PAGE -> isAwaitingRobots() || isCondemned();
        };
        if (probing || held) {
            return OptionalLong.empty();
        }
        OptionalLong due = switch (kind) {
            case ROBOTS -> firstAt(robotsFiles);
            case SITEMAP -> firstAt(sitemaps);
            case PAGE -> pageAt(knownSince);
        };
        return due.isPresent() && phase() == Circuit.Phase.OPEN
                ? OptionalLong.of(Times.later(due.getAsLong(), reopensAt()))
                : due;
    }

    private static OptionalLong firstAt(@Nullable AuxiliaryBacklog<HostQueue> backlog) {
        return backlog == null ? OptionalLong.empty() : backlog.firstAt();
    }

    RobotsState robots() {
        return robots;
    }

    void robots(RobotsState state) {
        robots = state;
        common().rules().add(state.bytes());
    }

    public boolean isAwaitingRobots() {
        return robots instanceof RobotsState.Awaited;
    }

    @Override
    public long dropRules() {
        mayLoseRules = false;
        long bytes = robots.bytes();
        if (bytes > 0) { // a state that takes no room stays: nothing is gained by asking again
            robots = new RobotsState.Unknown();
            common().rules().dropped(bytes);
        }
        return bytes;
    }

    /** The outcome of a page, and of the redirects that led to it, if the host's state decides it. */
    public Optional<List<Outcome>> verdictOn(Pending pending) {
        if (isGivenUp()) {
            return Optional.of(pending.skipped(SkipReason.CIRCUIT_OPEN, Optional.of("the host kept failing")));
        }
        return robots.verdictOn(pending);
    }

    /** Whether work is due that only the end of other crawls' requests makes possible. */
    boolean isHeldByOthers(long now) {
        return Times.isDue(dueAt(), now) && !heldBy(now).isEmpty();
    }

    /** Whether none of its pages will be tried. */
    public boolean isCondemned() {
        return isGivenUp() || robots.forbidsAll();
    }

    /** The host at this moment. */
    public HostSnapshot snapshot(long now) {
        OptionalLong next = isVisiting() ? nextAt(Kind.PAGE) : OptionalLong.empty();
        if (isVisiting() && common().rules().mayRead()) {
            next = Times.sooner(next, nextAt(Kind.ROBOTS));
        }
        return new HostSnapshot(host(), waitingPages(), inFlight(), Duration.ofNanos(delay()),
                next.isPresent() ? Optional.of(Duration.ofNanos(Math.max(0, next.getAsLong() - now)))
                        : Optional.empty(),
                refusal(now), phase(), ok(), failed(), lastFailure(), isIdle() ? List.of() : heldBy(now));
    }
}
