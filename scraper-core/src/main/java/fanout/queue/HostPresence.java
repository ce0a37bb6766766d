package fanout.queue;

import fanout.host.Circuit;
import fanout.host.HostFeedback;
import fanout.host.HostMemories;
import fanout.host.SharedHost;
import fanout.host.SharedHosts;
import fanout.host.Terms;
import fanout.job.CircuitBreaking;
import fanout.outcome.HostMemory;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A crawl's presence at a host, which lasts while it has work there: requests in flight, and what is told to the {@link SharedHost} whose
 * pace the crawl obeys. Guarded by the frontier's lock.
 *
 * @param <Q> the host's queue
 */
abstract class HostPresence<Q extends Scheduled> extends HostHistory<Q> implements SharedHost.Visitor {

    private final Host host;
    private final OfCrawl<Q> crawl;
    private @Nullable SharedHost shared;
    private Terms terms;
    private int inFlight;
    private long leasedAt;

    /** What the hosts of a crawl have in common. */
    record OfCrawl<Q>(
            SharedHosts sharedHosts,
            WaitingWork waiting,
            CrawlRules rules,
            HostMemories memories,
            CircuitBreaking circuitBreaking,
            Ticker ticker,
            Changes<Q> changes,
            String name,
            Predicate<Q> hasFreeWorker) {}

    /** Told when another crawl has changed the host's ready-time. */
    @FunctionalInterface
    interface Changes<Q> {
        void hostChanged(Q queue, long now);
    }

    HostPresence(Host host, Terms terms, OfCrawl<Q> crawl) {
        super(crawl.memories().recallCircuit(host));
        this.host = host;
        this.terms = terms;
        this.crawl = crawl;
    }

    @Override
    public final Host host() {
        return host;
    }

    @Override
    final int window() {
        return crawl.circuitBreaking().window();
    }

    @Override
    final Circuit newCircuit(int successes) {
        return new Circuit(crawl.circuitBreaking(), crawl.ticker(), successes);
    }

    @Override
    final WaitingWork total() {
        return crawl.waiting();
    }

    /** What this host has in common with the crawl's other hosts. */
    final OfCrawl<Q> common() {
        return crawl;
    }

    @Override
    public final int inFlight() {
        return inFlight;
    }

    @Override
    public final long leasedAt() {
        return leasedAt;
    }

    @Override
    public final String crawl() {
        return crawl.name();
    }

    @Override
    public final boolean hasFreeWorker() {
        return crawl.hasFreeWorker().test(queue());
    }

    /** Whether the crawl leaves its turn to another, whose worker is late. */
    final boolean yieldsTurn(long now) {
        return visited().yieldsTurn(this, now);
    }

    /** The other crawls that keep this one from asking the host now. */
    final List<SharedHost.Holder> heldBy(long now) {
        return shared == null ? List.of() : shared.holders(this, now);
    }

    /** When the host is ready for this crawl, which visits it; empty if not before a request in flight has got on. */
    final OptionalLong readyAt() {
        return visited().readyAt(this);
    }

    /** The present delay between two requests, in nanoseconds. */
    final long delay() {
        return shared == null ? terms.leastDelay() : shared.delay();
    }

    /** Work was added: from now on the crawl visits the host. */
    final void visit(long now) {
        if (shared == null) {
            shared = crawl.sharedHosts().join(host, this, now);
            crawl.memories().recallPace(shared);
        }
    }

    /** Whether it has work, or did not have it settled yet; a host that the crawl has forgotten has none. */
    final boolean isVisiting() {
        return shared != null;
    }

    /** There is no more work. */
    final void leave(long now) {
        if (shared != null) {
            crawl.sharedHosts().leave(shared, this, now);
            shared = null;
        }
    }

    /** Whether the host has said that it has too much to do; empty if its last answer was another one, or there is no work. */
    final Optional<HostSnapshot.Refusal> refusal(long now) {
        return shared == null || shared.refusedWith() == 0 ? Optional.empty()
                : Optional.of(new HostSnapshot.Refusal(shared.refusedWith(),
                        Duration.ofNanos(Math.max(0, shared.holdEnds() - now))));
    }

    private SharedHost visited() {
        return Objects.requireNonNull(shared, "no work at this host");
    }

    /** The next request is under way. */
    final void leased(long now) {
        probe();
        inFlight++;
        leasedAt = now;
        visited().leased(this, now);
    }

    /** Whether the moment in which a request is written matters. */
    public final boolean isPaced() {
        return visited().isPaced();
    }

    /** The request was written, for the first time. */
    public final void written(long at, long now) {
        if (shared != null) { // or the crawl is over, and a lease was left
            shared.written(this, at, now);
        }
    }

    /** The lease needs no request. */
    public final void unasked(long now) {
        if (shared != null) {
            shared.unasked(this, now);
        }
    }

    /** A request has ended, which began in this epoch of the circuit. */
    final void ended(HostFeedback feedback, int circuitEpoch, Duration maxRetryAfter, long now) {
        inFlight--;
        tell(feedback.verdict(), circuitEpoch);
        if (shared != null) {
            shared.ended(this, feedback, maxRetryAfter, now);
        }
    }

    /** robots.txt asks for a Crawl-delay. */
    final void crawlDelay(Duration delay, long now) {
        terms = terms.withCrawlDelay(delay);
        if (shared != null) {
            shared.termsChanged(this, now);
        }
    }

    @Override
    public final Terms terms() {
        return terms;
    }

    @Override
    public final void hostChanged(long now) {
        crawl.changes().hostChanged(queue(), now);
    }

    /** Whether a crawl that goes on later need remember nothing of the host. */
    public final boolean isUnremarkable(long now) {
        return !hasCircuit()
                && (shared == null || (shared.throttle() == 0 && Times.compare(shared.holdEnds(), now) <= 0));
    }

    /** What a crawl that goes on later must remember of the host, at the end of a request. */
    public final HostMemory memory(WallTime now) {
        long held = shared == null ? now.nanos() : shared.holdEnds(); // the crawl is over, and a lease was left
        return new HostMemory(host, Duration.ofNanos(shared == null ? 0 : shared.throttle()),
                Times.compare(held, now.nanos()) > 0 ? now.at(held) : Instant.EPOCH,
                circuit().map(Circuit::failures).orElse(0), circuit().map(Circuit::successes).orElse(0),
                circuit().map(Circuit::openingsInARow).orElse(0),
                phase() == Circuit.Phase.CLOSED ? Instant.EPOCH : now.at(reopensAt()));
    }
}
