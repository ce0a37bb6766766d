package fanout.queue;

import fanout.host.Circuit;
import fanout.host.HostFeedback;
import fanout.host.HostMemories;
import fanout.host.SharedHost;
import fanout.host.SharedHosts;
import fanout.host.Terms;
import fanout.job.CircuitBreaking;
import fanout.outcome.HostMemory;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.task.Ticker;
import fanout.task.Times;
import fanout.task.WallTime;
import fanout.url.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One host of a crawl: what waits for it, how it is doing, and when it may be asked next. While it has work it visits the
 * {@link SharedHost}, whose pace it obeys. Guarded by the frontier's lock.
 *
 * <p>It is its own backlog of pages, and its own place in their schedule: with 100,000 hosts in turn, each object that a
 * request looks at comes from main memory.
 */
public final class HostQueue extends HostHistory<HostQueue> implements Scheduled, SharedHost.Visitor, RuleRoom.Holder {

    private final Host host;
    private final OfCrawl crawl;
    private final long knownSince;
    private @Nullable AuxiliaryBacklog<HostQueue> robotsFiles;
    private @Nullable AuxiliaryBacklog<HostQueue> sitemaps;
    private @Nullable SharedHost shared;
    private Terms terms;
    private RobotsState robots;
    private int inFlight;
    /** Written by {@link IdleHosts} only: whether it is one of those. */
    boolean isAmongIdle;
    /** Whether {@link CrawlRules} have the rules among those that may be dropped. */
    boolean mayLoseRules;

    /** What the hosts of a crawl have in common. */
    record OfCrawl(
            SharedHosts sharedHosts,
            WaitingWork waiting,
            CrawlRules rules,
            HostMemories memories,
            CircuitBreaking circuitBreaking,
            Ticker ticker,
            Changes changes) {}

    /** Told when another crawl has changed the host's ready-time. */
    @FunctionalInterface
    interface Changes {
        void hostChanged(HostQueue queue, long now);
    }

    HostQueue(Host host, Terms terms, RobotsState robots, OfCrawl crawl, long now) {
        super(crawl.memories().recallCircuit(host));
        this.host = host;
        this.terms = terms;
        this.robots = robots;
        this.crawl = crawl;
        this.knownSince = now;
    }

    @Override
    HostQueue queue() {
        return this;
    }

    public Host host() {
        return host;
    }

    @Override
    int window() {
        return crawl.circuitBreaking().window();
    }

    @Override
    Circuit newCircuit(int successes) {
        return new Circuit(crawl.circuitBreaking(), crawl.ticker(), successes);
    }

    @Override
    WaitingWork total() {
        return crawl.waiting();
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
        return new AuxiliaryBacklog<>(kind, this, crawl.waiting());
    }

    private static boolean isEmpty(@Nullable AuxiliaryBacklog<HostQueue> backlog) {
        return backlog == null || backlog.isEmpty();
    }

    /** Whether nothing waits here and nothing is in flight. */
    boolean isIdle() {
        return inFlight == 0 && !hasPages() && isEmpty(robotsFiles) && isEmpty(sitemaps);
    }

    /** Whether there is work that needs the host's rules, or may bring more. */
    boolean needsRules() {
        return inFlight > 0 || hasPages() || !isEmpty(sitemaps);
    }

    @Override
    public OptionalLong nextAt(Kind kind) {
        OptionalLong due = dueAt(kind);
        OptionalLong ready = due.isPresent() ? visited().readyAt(this) : due;
        return ready.isPresent()
                ? OptionalLong.of(Times.later(due.getAsLong(), ready.getAsLong()))
                : ready;
    }

    @Override
    public boolean hasWork(Kind kind) {
        return dueAt(kind).isPresent();
    }

    @Override
    public int pages(Kind kind) {
        return kind == Kind.PAGE ? waitingPages() : 0;
    }

    @Override
    public OptionalLong dueAt() {
        return Times.sooner(Times.sooner(dueAt(Kind.ROBOTS), dueAt(Kind.SITEMAP)), dueAt(Kind.PAGE));
    }

    /** When work of this kind is due, the host's ready-time aside; robots.txt is a prerequisite of everything else. */
    private OptionalLong dueAt(Kind kind) {
        boolean probing = inFlight > 0 && phase() != Circuit.Phase.CLOSED;
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

    /** Work was added: from now on the crawl visits the host. */
    void visit(long now) {
        if (shared == null) {
            shared = crawl.sharedHosts().join(host, this, now);
            crawl.memories().recallPace(shared);
        }
    }

    /** Whether it has work, or did not have it settled yet; a host that the crawl has forgotten has none. */
    boolean isVisiting() {
        return shared != null;
    }

    /** There is no more work. */
    void leave(long now) {
        if (shared != null) {
            crawl.sharedHosts().leave(shared, this, now);
            shared = null;
        }
    }

    private SharedHost visited() {
        return Objects.requireNonNull(shared, "no work at this host");
    }

    /** The next request is under way. */
    void leased(long now) {
        probe();
        inFlight++;
        visited().leased(this, now);
    }

    /** Whether the moment in which a request is written matters. */
    public boolean isPaced() {
        return visited().isPaced();
    }

    /** The request was written, for the first time. */
    public void written(long at, long now) {
        if (shared != null) { // or the crawl is over, and a lease was left
            shared.written(this, at, now);
        }
    }

    /** The lease needs no request. */
    public void unasked(long now) {
        if (shared != null) {
            shared.unasked(this, now);
        }
    }

    /** A request has ended, which began in this epoch of the circuit. */
    void ended(HostFeedback feedback, int circuitEpoch, Duration maxRetryAfter, long now) {
        inFlight--;
        tell(feedback.verdict(), circuitEpoch);
        if (shared != null) {
            shared.ended(this, feedback, maxRetryAfter, now);
        }
    }

    /** robots.txt asks for a Crawl-delay. */
    void crawlDelay(Duration delay, long now) {
        terms = terms.withCrawlDelay(delay);
        if (shared != null) {
            shared.termsChanged(this, now);
        }
    }

    @Override
    public Terms terms() {
        return terms;
    }

    @Override
    public void hostChanged(long now) {
        crawl.changes().hostChanged(this, now);
    }

    RobotsState robots() {
        return robots;
    }

    void robots(RobotsState state) {
        robots = state;
        crawl.rules().add(state.bytes());
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
            crawl.rules().dropped(bytes);
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

    /** Whether none of its pages will be tried. */
    public boolean isCondemned() {
        return isGivenUp() || robots.forbidsAll();
    }

    /** Whether a crawl that goes on later need remember nothing of the host. */
    public boolean isUnremarkable(long now) {
        return !hasCircuit()
                && (shared == null || (shared.throttle() == 0 && Times.compare(shared.holdEnds(), now) <= 0));
    }

    /** What a crawl that goes on later must remember of the host, at the end of a request. */
    public HostMemory memory(WallTime now) {
        long held = shared == null ? now.nanos() : shared.holdEnds(); // the crawl is over, and a lease was left
        return new HostMemory(host, Duration.ofNanos(shared == null ? 0 : shared.throttle()),
                Times.compare(held, now.nanos()) > 0 ? now.at(held) : Instant.EPOCH,
                circuit().map(Circuit::failures).orElse(0), circuit().map(Circuit::successes).orElse(0),
                circuit().map(Circuit::openingsInARow).orElse(0),
                phase() == Circuit.Phase.CLOSED ? Instant.EPOCH : now.at(reopensAt()));
    }

    /** The host at this moment. */
    public HostSnapshot snapshot(long now) {
        long delay = shared == null ? terms.leastDelay() : shared.delay();
        OptionalLong next = shared == null ? OptionalLong.empty() : nextAt(Kind.PAGE);
        if (shared != null && crawl.rules().mayRead()) {
            next = Times.sooner(next, nextAt(Kind.ROBOTS));
        }
        return new HostSnapshot(host, waitingPages(), inFlight, Duration.ofNanos(delay),
                next.isPresent() ? Optional.of(Duration.ofNanos(Math.max(0, next.getAsLong() - now)))
                        : Optional.empty(),
                phase(), ok(), failed(), lastFailure());
    }
}
