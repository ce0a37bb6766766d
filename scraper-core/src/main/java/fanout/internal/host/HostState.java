package fanout.internal.host;

import fanout.internal.host.Circuit.Phase;
import fanout.internal.host.Pace.Terms;
import fanout.internal.host.Work.Kind;
import fanout.internal.task.Ticker;
import fanout.internal.task.Times;
import fanout.internal.task.WallTime;
import fanout.job.CrawlJob;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.HostMemory;
import fanout.outcome.Outcome;
import fanout.url.Host;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Holds the state of one host of a crawl: what waits for it, how it has fared, what is known of its robots.txt, and the
 * requests in flight. While it has work the crawl visits the {@link SharedHost}, whose pace it obeys.
 *
 * <p>All of it is one object, which is also its own place in the schedule of pages. With 100,000 hosts in turn each
 * object that a request looks at comes from main memory. So what most hosts never need is null until they do: a
 * circuit, an order of pages, robots.txt files and sitemaps that wait.
 *
 * <p>Guarded by the frontier's lock.
 */
public final class HostState extends HostPages<HostState>
        implements AuxiliaryWork.Host, Lane.Place, SharedHost.Visitor, RuleRoom.Holder {

    /** Of a host for which pages wait, without them: measured with 100,000 hosts of one page each. */
    private static final long HOST_BYTES = 450;

    private final Host host;
    private final Crawl crawl;
    private final long knownSince;

    // What waits.
    private @Nullable AuxiliaryWork<HostState> robotsFiles;
    private @Nullable AuxiliaryWork<HostState> sitemaps;
    private @Nullable AuxiliaryWork<HostState> logins;

    // What is under way.
    private @Nullable SharedHost shared;
    private Terms terms;
    private int inFlight;
    /** Pages of these that may be ok: links out of scope are no pages. */
    private int pagesInFlight;
    private long leasedAt;

    // What is known of the host.
    private RobotsState robots;
    private @Nullable Circuit circuit;
    /** Before the first failure; not more than the circuit's window. */
    private int earlySuccesses;
    /** In earlier runs of the crawl, too, if pages of a host are limited. */
    private long ok;
    private long failed;
    private @Nullable Failed lastFailure;
    /** The last failure that counts against the host. */
    private @Nullable Failure cause;

    // What the crawl has made of it; written by the host table only.
    /** Whether it is one of those without work. */
    boolean isAmongIdle;
    /** Whether {@link RuleRoom} has the rules among those that may be dropped. */
    boolean mayLoseRules;
    /** The phase under which it is counted. */
    Phase countedPhase = Phase.CLOSED;
    /** Of its pages, those that are counted as cut off. */
    int countedAsCut;
    /** Whether it is counted among the hosts that were given up, which is for good. */
    boolean isCountedAsGivenUp;

    /** The crawl whose host it is, as far as other crawls at the same host ask for it. */
    interface Crawl {

        /** Returns the name of its job. */
        String name();

        /** Returns how many pages of one host may be ok. */
        long mostPages();

        /** Returns how many pages of each label may be ok. */
        LabelShares labels();

        /** Learns that a label has as many pages as it may. */
        void labelSpent();

        /** Whether a worker waits for work at this moment, and may do what there is to do at this host. */
        boolean hasFreeWorker(HostState host);

        /** Learns that another crawl has changed the host's ready-time. */
        void hostChanged(HostState host, long now);
    }

    /** @param circuit of a host that has failed in an earlier run; null if it did not */
    HostState(Host host, Terms terms, RobotsState robots, @Nullable Circuit circuit, Crawl crawl, long now) {
        this.host = host;
        this.terms = terms;
        this.robots = robots;
        this.circuit = circuit;
        this.crawl = crawl;
        this.knownSince = now;
    }

    @Override
    public Host host() {
        return host;
    }

    @Override
    public HostState owner() {
        return this;
    }

    @Override
    LabelShares labels() {
        return crawl.labels();
    }

    @Override
    long ownBytes() {
        return HOST_BYTES;
    }

    // What waits.

    /** Returns its place in the schedule of a kind of work; null if it never had such work. */
    @Nullable
    Slot<HostState> slot(Kind kind) {
        return switch (kind) {
            case LOGIN -> logins;
            case ROBOTS -> robotsFiles;
            case SITEMAP -> sitemaps;
            case PAGE -> this;
        };
    }

    /** Returns what waits here of a kind that is no page. Robots.txt files may be those of hosts that redirect here. */
    @SuppressWarnings("AssignmentExpression") // most hosts never need one
    AuxiliaryWork<HostState> auxiliary(Kind kind) {
        return switch (kind) {
            case LOGIN -> logins = logins == null ? new AuxiliaryWork<>(kind, this) : logins;
            case ROBOTS -> robotsFiles = robotsFiles == null ? new AuxiliaryWork<>(kind, this) : robotsFiles;
            case SITEMAP -> sitemaps = sitemaps == null ? new AuxiliaryWork<>(kind, this) : sitemaps;
            case PAGE -> throw new IllegalArgumentException("a page is not auxiliary");
        };
    }

    // When its work may be leased.

    @Override
    protected OptionalLong nextAt() {
        return nextAt(Kind.PAGE);
    }

    @Override
    public OptionalLong nextAt(Lane<?> lane) {
        return readyAt(dueAt(lane));
    }

    @Override
    public boolean hasWork(Lane<?> lane) {
        return dueAt(lane).isPresent();
    }

    @Override
    protected boolean hasWork() {
        return hasWork(Kind.PAGE);
    }

    @Override
    public OptionalLong nextAt(Kind kind) {
        return readyAt(dueAt(kind));
    }

    private OptionalLong readyAt(OptionalLong due) {
        OptionalLong ready = due.isPresent() ? visited().readyAt(this) : due;
        return ready.isPresent() ? OptionalLong.of(Times.later(due.getAsLong(), ready.getAsLong())) : ready;
    }

    @Override
    public boolean hasWork(Kind kind) {
        return dueAt(kind).isPresent();
    }

    @Override
    public OptionalLong dueAt() {
        OptionalLong auxiliary = Times.sooner(dueAt(Kind.ROBOTS), dueAt(Kind.SITEMAP));
        OptionalLong due = Times.sooner(Times.sooner(dueAt(Kind.LOGIN), auxiliary), dueAt(Kind.PAGE));
        for (Lane<?> lane : lanes()) {
            due = Times.sooner(due, dueAt(lane));
        }
        return due;
    }

    /** Returns when work of this kind is due, the host's ready-time aside. */
    private OptionalLong dueAt(Kind kind) {
        Phase phase = phase();
        if (!mayStart(kind, phase)) {
            return OptionalLong.empty();
        }
        OptionalLong due = switch (kind) {
            case LOGIN -> AuxiliaryWork.firstAt(logins);
            case ROBOTS -> AuxiliaryWork.firstAt(robotsFiles);
            case SITEMAP -> AuxiliaryWork.firstAt(sitemaps);
            case PAGE -> pages() == 0 ? OptionalLong.empty() : pageAt(knownSince);
        };
        return onceReopened(due, phase);
    }

    private OptionalLong dueAt(Lane<?> lane) {
        Phase phase = phase();
        boolean waits = lane.hasPages() && !crawl.labels().isSpent(lane.label());
        return waits && mayStart(Kind.PAGE, phase) ? onceReopened(OptionalLong.of(knownSince), phase)
                : OptionalLong.empty();
    }

    private boolean mayStart(Kind kind, Phase phase) {
        return HostDecisions.mayStart(kind, isGivenUp(), robots, phase, inFlight, allowsPage());
    }

    private OptionalLong onceReopened(OptionalLong due, Phase phase) {
        return due.isPresent() && phase == Phase.OPEN
                ? OptionalLong.of(Times.later(due.getAsLong(), Objects.requireNonNull(circuit).reopensAt()))
                : due;
    }

    HostDecisions.Need need() {
        return HostDecisions.need(inFlight, waiting() - cut(), AuxiliaryWork.waits(sitemaps),
                AuxiliaryWork.waits(robotsFiles) || AuxiliaryWork.waits(logins));
    }

    // What is known of its robots.txt, and of its health.

    RobotsState robots() {
        return robots;
    }

    void robots(RobotsState state) {
        robots = state;
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
        }
        return bytes;
    }

    /** Returns what becomes of a page that comes in. */
    HostDecisions.Arrival arrival(Pending page) {
        return HostDecisions.arrival(isGivenUp(), robots, !isSpent() && labels().spentBy(page.request()).isEmpty());
    }

    /** Returns what becomes of a sitemap that comes in. */
    HostDecisions.Arrival arrivalOfSitemap() {
        return HostDecisions.arrival(isGivenUp(), robots, true);
    }

    // How many of its pages may be ok: as PageBudget for the whole crawl.

    /** Restores how many pages were ok before the crawl knew the host, or knew it again. */
    void restoreOk(long pages) {
        ok += pages;
    }

    /** Returns how many pages were ok. */
    public long ok() {
        return ok;
    }

    /** Whether so many pages were ok that none is asked for any more in this run. */
    public boolean isSpent() {
        return ok >= crawl.mostPages();
    }

    /** Whether one more page may be leased, each of those in flight counted as ok. */
    private boolean allowsPage() {
        return ok + pagesInFlight < crawl.mostPages();
    }

    /** Returns how many of its pages wait in vain. */
    int cut() {
        return isSpent() ? waiting() : cutByLabels();
    }

    /** Returns the outcome of a page, and of the redirects that led to it, if the host's state decides it. */
    public Optional<List<Outcome>> verdictOn(Pending page) {
        return HostDecisions.verdict(isGivenUp(), robots, page, Optional.ofNullable(cause));
    }

    /** Whether none of its pages will be tried. */
    public boolean isCondemned() {
        return HostDecisions.isCondemned(isGivenUp(), robots);
    }

    public Phase phase() {
        return circuit == null ? Phase.CLOSED : circuit.phase();
    }

    /** Whether the host opened its circuit so often in a row that nothing more is asked of it. */
    public boolean isGivenUp() {
        return circuit != null && circuit.isGivenUp();
    }

    /** Returns the circuit's epoch: the verdict on a request that began in an earlier one comes too late. */
    public int circuitEpoch() {
        return circuit == null ? 0 : circuit.epoch();
    }

    /** Counts an outcome of one of the host's pages that became final. */
    public void count(Outcome outcome) {
        if (outcome instanceof Fetched && !outcome.request().isExternal()) {
            ok++;
            if (labels().ok(labels().of(outcome.request()))) {
                crawl.labelSpent();
            }
        }
        if (outcome instanceof Failed failure) {
            failed++;
            lastFailure = failure;
            cause = HostHealth.of(failure.failure()) == HostHealth.FAILURE ? failure.failure() : cause;
        }
    }

    // What passes between it and the host that all crawls share.

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public long leasedAt() {
        return leasedAt;
    }

    @Override
    public Terms terms() {
        return terms;
    }

    @Override
    public String crawl() {
        return crawl.name();
    }

    @Override
    public boolean hasFreeWorker() {
        return crawl.hasFreeWorker(this);
    }

    @Override
    public void hostChanged(long now) {
        crawl.hostChanged(this, now);
    }

    /** Visits the host from now on, since there is work. */
    void visit(SharedHosts hosts, HostMemories memories, long now) {
        if (shared == null) {
            shared = hosts.join(host, this, now);
            memories.recallPace(shared);
        }
    }

    /** Leaves the host: there is no more work. */
    void leave(SharedHosts hosts, long now) {
        if (shared != null) {
            hosts.leave(shared, this, now);
            shared = null;
        }
    }

    /** Whether it has work, or did not have it settled yet; never true of a host that the crawl has forgotten. */
    boolean isVisiting() {
        return shared != null;
    }

    private SharedHost visited() {
        return Objects.requireNonNull(shared, "no work at this host");
    }

    /** Whether the crawl leaves its turn to another, whose worker is late. */
    boolean yieldsTurn(long now) {
        return visited().yieldsTurn(this, now);
    }

    /** Notes that the next request is under way; it is the probe, if the circuit is not closed. */
    void leased(Work work, long now) {
        if (circuit != null) {
            circuit.probe();
        }
        inFlight++;
        pagesInFlight += work.isOfAPage() ? 1 : 0;
        leasedAt = now;
        visited().leased(this, now);
    }

    /** Whether the moment in which a request is written matters. */
    public boolean isPaced() {
        return visited().isPaced();
    }

    /** Notes that the request was written, for the first time. */
    public void written(long at, long now) {
        if (shared != null) { // or the crawl is over, and a lease was left
            shared.written(this, at, now);
        }
    }

    /** Notes that the lease needs no request. */
    public void unasked(long now) {
        if (shared != null) {
            shared.unasked(this, now);
        }
    }

    /** Notes that a request has ended, which began in this epoch of the circuit. */
    void ended(Work work, HostFeedback feedback, int circuitEpoch, CrawlJob job, Ticker ticker, long now) {
        inFlight--;
        pagesInFlight -= work.isOfAPage() ? 1 : 0;
        HostHealth verdict = feedback.verdict();
        if (circuit == null && verdict == HostHealth.FAILURE) {
            circuit = new Circuit(job.circuitBreaker(), ticker, earlySuccesses);
        }
        if (circuit != null) {
            circuit.tell(verdict, circuitEpoch);
        } else if (verdict == HostHealth.SUCCESS && earlySuccesses < job.circuitBreaker().window()) {
            earlySuccesses++;
        }
        if (shared != null) {
            shared.ended(this, feedback, job.politeness().maxRetryAfter(), now);
        }
    }

    /** Notes that a page was settled, here or elsewhere, or set aside: there may be none left that may begin. */
    public void settled(long now) {
        if (shared != null && (!allowsPage() || !lanes().isEmpty() || cutByLabels() > 0)) {
            shared.workChanged(this, now);
        }
    }

    /** Keeps the Crawl-delay that robots.txt asks for. */
    void crawlDelay(Duration delay, long now) {
        terms = terms.withCrawlDelay(delay);
        if (shared != null) {
            shared.termsChanged(this, now);
        }
    }

    // What others see of it.

    /** Returns the other crawls that keep this one from asking the host now. */
    private List<SharedHost.Holder> heldBy(long now) {
        return shared == null ? List.of() : shared.holders(this, now);
    }

    /** Whether work is due that only the end of other crawls' requests makes possible. */
    boolean isHeldByOthers(long now) {
        return Times.isDue(dueAt(), now) && !heldBy(now).isEmpty();
    }

    /** Returns the host at this moment, of a crawl that may fetch another robots.txt or not. */
    HostSnapshot snapshot(boolean mayReadRobots, long now) {
        OptionalLong next = isVisiting() ? nextAt(Kind.PAGE) : OptionalLong.empty();
        if (isVisiting() && mayReadRobots) {
            next = Times.sooner(next, nextAt(Kind.ROBOTS));
        }
        Duration delay = Duration.ofNanos(shared == null ? terms.leastDelay() : shared.delay());
        return new HostSnapshot(host, waiting(), inFlight, delay, HostSnapshot.readyIn(next, now),
                HostSnapshot.Refusal.of(shared, now), phase(), ok, failed, Optional.ofNullable(lastFailure),
                need() == HostDecisions.Need.NOTHING ? List.of() : heldBy(now));
    }

    /** Whether a crawl that is resumed later need remember nothing of the host. */
    public boolean isUnremarkable(long now) {
        return HostMemories.isUnremarkable(shared, circuit, now);
    }

    /** Returns what a crawl that is resumed later must remember of the host, at the end of a request. */
    public HostMemory memory(WallTime now) {
        return HostMemories.memory(host, shared, circuit, now);
    }
}
