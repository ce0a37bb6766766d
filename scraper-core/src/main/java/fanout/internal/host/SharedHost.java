package fanout.internal.host;

import fanout.internal.task.Times;
import fanout.url.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A host as all crawls of a process see it, since to the host they are one visitor: its pace, the requests in flight,
 * and the crawls that have work there. The strictest {@link Pace.Terms} of those crawls hold for all.
 *
 * <p><b>Turns.</b> The crawl that was served longest ago comes first. Each crawl behind one that has due work is ready
 * later than the host is, so it takes the turn only if those before it leave it. For a crawl with a worker that waits
 * for work a turn is kept for as long as that thread may need to get a processor, and offered again as long as the
 * worker waits, since a turn that it misses may cost it another crawl's whole requestTimeout. For a crawl whose workers
 * are all busy a turn is kept for a moment, so that it holds up no other.
 *
 * <p>It is its own {@link Pace}, and keeps no list that most requests need: with 100,000 hosts in turn, each object
 * that a request looks at comes from main memory.
 *
 * <p>Guarded by the lock that the frontiers of the process share.
 */
public final class SharedHost extends Pace {

    /** How long a turn is kept for a crawl without a free worker: its busy ones may be about to ask. */
    private static final long TURN_NANOS = Duration.ofMillis(2).toNanos();
    /** How long a turn is kept for a crawl with a free worker, before it is asked whether the worker still waits. */
    private static final long KEPT_TURN_NANOS = Duration.ofMillis(50).toNanos();
    /** For how long a turn is offered again. Longer than a thread needs to wake up on a busy machine. */
    private static final long OFFERED_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long[] NO_TURNS = {};
    /** Crawls behind this place all wait as long. */
    private static final int LAST_PLACE = 10;

    private final Host host;
    /** The crawls with work here; the one that was served longest ago first. Never changed, but replaced. */
    private List<Visitor> visitors = List.of();
    /**
     * How long a turn of each is kept: as of the last event, so that all who ask until the next one are told the same.
     */
    private long[] turns = NO_TURNS;
    /** Whether there are several of them. */
    private boolean isMet;
    private Terms terms;
    private int inFlight;
    private int unwritten;
    private long freedAt;
    /** When the turns were last offered again, if later. */
    private long offeredAt;

    SharedHost(Host host, Terms terms, long now) {
        super(now);
        this.host = host;
        this.terms = terms;
        this.freedAt = now;
        this.offeredAt = now;
    }

    /** One crawl's work at the host. */
    public interface Visitor {

        Terms terms();

        /** When its next work is due, the host's own ready-time aside; empty if no work is to start. */
        OptionalLong dueAt();

        /** Whether a worker of the crawl waits for work at this moment, and may do what the crawl has to do here. */
        boolean hasFreeWorker();

        /** The name of the crawl's job. */
        String crawl();

        /** Its requests to the host that have not ended. */
        int inFlight();

        /** When the last of them began; any moment if there never was one. */
        long leasedAt();

        /** Another crawl has changed the host's ready-time. */
        void hostChanged(long now);
    }

    /**
     * A crawl that keeps others from asking the host: by its requests in flight, or by a longer delay. Immutable.
     *
     * @param crawl the name of its job
     * @param requests that it has in flight there; 0 if it is its delay that holds for all
     * @param lasts since the last of them began
     * @param perHostConcurrency the requests that all crawls together may have in flight there
     * @param delay between two requests of all crawls
     */
    public record Holder(String crawl, int requests, Duration lasts, int perHostConcurrency, Duration delay) {}

    public Host host() {
        return host;
    }

    /**
     * When the host is ready for this crawl, a moment past included; empty if not before a request in flight has got
     * on.
     */
    OptionalLong readyAt(Visitor visitor) {
        if (inFlight >= terms.perHostConcurrency() || (unwritten > 0 && terms.isPaced())) {
            return OptionalLong.empty();
        }
        long ready = readyAt(terms);
        if (!isMet) {
            return OptionalLong.of(ready);
        }
        long offered = Times.later(Times.later(ready, freedAt), offeredAt);
        return OptionalLong.of(offered + turnsBefore(visitor, offered));
    }

    private long turnsBefore(Visitor visitor, long offered) {
        long nanos = 0;
        int place = 0;
        for (int i = 0; i < turns.length && place < LAST_PLACE && !visitors.get(i).equals(visitor); i++) {
            if (Times.isDue(visitors.get(i).dueAt(), offered)) {
                nanos += turns[i];
                place++;
            }
        }
        return nanos;
    }

    /**
     * Whether a crawl that is about to take its turn leaves it to one before it, whose worker is late: then turns are
     * offered again, from now on.
     */
    public boolean yieldsTurn(Visitor visitor, long now) {
        if (!isMet || Times.compare(now, Times.later(readyAt(terms), freedAt) + OFFERED_NANOS) >= 0
                || visitors.stream()
                        .takeWhile(other -> !other.equals(visitor))
                        .noneMatch(other -> Times.isDue(other.dueAt(), now) && other.hasFreeWorker())) {
            return false;
        }
        offeredAt = now;
        offerTurns();
        visitors.forEach(each -> each.hostChanged(now));
        return true;
    }

    /** Something has happened that changes when the crawls may ask. */
    private void offerTurns() {
        turns = isMet
                ? visitors.stream().mapToLong(each -> each.hasFreeWorker() ? KEPT_TURN_NANOS : TURN_NANOS).toArray()
                : NO_TURNS;
    }

    /**
     * The other crawls that keep this one from asking now: those whose requests must end first, or whose delay is
     * longer than its own and has not passed. Empty if the crawl would have to wait without them, too.
     */
    public List<Holder> holders(Visitor visitor, long now) {
        if (!isMet) {
            return List.of();
        }
        boolean isFull = inFlight >= terms.perHostConcurrency() || (unwritten > 0 && terms.isPaced());
        boolean isEarly = !isFull && Times.compare(readyAt(terms), now) > 0
                && terms.leastDelay() > visitor.terms().leastDelay() && delay() == terms.leastDelay();
        if (!isFull && !isEarly) {
            return List.of();
        }
        return visitors.stream()
                .filter(other -> !other.equals(visitor))
                .filter(other -> isFull ? other.inFlight() > 0 : other.terms().leastDelay() == terms.leastDelay())
                .map(other -> isFull
                        ? new Holder(other.crawl(), other.inFlight(), Duration.ofNanos(now - other.leasedAt()),
                                terms.perHostConcurrency(), Duration.ofNanos(delay()))
                        : new Holder(other.crawl(), 0, Duration.ZERO, terms.perHostConcurrency(),
                                Duration.ofNanos(delay())))
                .toList();
    }

    /** Whether several crawls have work here. */
    boolean isMet() {
        return isMet;
    }

    /** The present delay between two requests, in nanoseconds. */
    public long delay() {
        return delay(terms);
    }

    /** Whether the moment in which a request is written matters. */
    public boolean isPaced() {
        return terms.isPaced();
    }

    /** A delay that autoThrottle has found and that is longer than the crawls' own, in nanoseconds; or 0. */
    public long throttle() {
        return delay() > terms.leastDelay() ? delay() : 0;
    }

    /** What an earlier run knew of the host. */
    void recall(long throttle, long heldUntil) {
        throttle(throttle);
        hold(heldUntil);
    }

    /** A crawl takes its turn. */
    public void leased(Visitor visitor, long now) {
        inFlight++;
        unwritten++;
        if (isMet) {
            visitors(without(visitor), visitor);
        }
        tellOthers(visitor, now);
    }

    /** A request was written, for the first time since its lease. */
    public void written(Visitor visitor, long at, long now) {
        unwritten--;
        written(at);
        tellOthers(visitor, now);
    }

    /** A lease turned out to need no request. */
    public void unasked(Visitor visitor, long now) {
        unwritten--;
        tellOthers(visitor, now);
    }

    /**
     * A request has ended.
     *
     * @param maxRetryAfter the longest Retry-After that the crawl waits for; a longer one holds nothing
     */
    public void ended(Visitor visitor, HostFeedback feedback, Duration maxRetryAfter, long now) {
        inFlight--;
        freedAt = now;
        answered(feedback, terms);
        feedback.retryAfter()
                .filter(asked -> asked.compareTo(maxRetryAfter) <= 0)
                .ifPresent(asked -> hold(now + asked.toNanos()));
        tellOthers(visitor, now);
    }

    /** A crawl has less to do here than when its request ended. */
    void workChanged(Visitor visitor, long now) {
        tellOthers(visitor, now);
    }

    /** A crawl has other terms from now on. */
    public void termsChanged(Visitor visitor, long now) {
        combineTerms(now);
        tellOthers(visitor, now);
    }

    void join(Visitor visitor, long now) {
        visitors(visitors, visitor);
        combineTerms(now);
        tellOthers(visitor, now);
    }

    void leave(Visitor visitor, long now) {
        visitors = without(visitor);
        isMet = visitors.size() > 1;
        combineTerms(now);
        offerTurns();
        visitors.forEach(other -> other.hostChanged(now));
    }

    private void visitors(List<Visitor> before, Visitor last) {
        List<Visitor> all = new ArrayList<>(before);
        all.add(last);
        visitors = List.copyOf(all);
        isMet = visitors.size() > 1;
    }

    private List<Visitor> without(Visitor visitor) {
        return visitors.stream().filter(other -> !other.equals(visitor)).toList();
    }

    boolean hasVisitors() {
        return !visitors.isEmpty();
    }

    /** Whether nothing that is known of the host matters any more, except the delay that autoThrottle has found. */
    boolean isForgettable(long now) {
        return isOver(terms, now);
    }

    private void combineTerms(long now) {
        Terms before = terms;
        visitors.stream().map(Visitor::terms).reduce(Terms::and).ifPresent(combined -> terms = combined);
        if (!terms.equals(before)) {
            freedAt = now; // the ready-time may have passed already: turns are offered from now on
        }
    }

    private void tellOthers(Visitor visitor, long now) {
        offerTurns();
        if (isMet) {
            without(visitor).forEach(other -> other.hostChanged(now));
        }
    }
}
