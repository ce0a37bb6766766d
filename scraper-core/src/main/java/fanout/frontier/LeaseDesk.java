package fanout.frontier;

import fanout.admission.Screened;
import fanout.admission.Screening;
import fanout.backlog.Pending;
import fanout.frontier.LeaseResult.Decided;
import fanout.frontier.LeaseResult.GivenUp;
import fanout.frontier.LeaseResult.Missed;
import fanout.frontier.LeaseResult.Moved;
import fanout.frontier.LeaseResult.PageResult;
import fanout.frontier.LeaseResult.RobotsFound;
import fanout.frontier.LeaseResult.SitemapFound;
import fanout.outcome.Redirected;
import fanout.outcome.Step;
import fanout.task.CarrierTurn;
import fanout.task.Ticker;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Where workers report on their leases, and give them back. Thread-safe: takes the frontier's lock for each report. */
final class LeaseDesk {

    /** URLs that are admitted at a time: a sitemap may list 50,000, and the other crawls wait for the lock meanwhile. */
    private static final int MOST_ADMITTED = 1_000;

    private final ReentrantLock lock;
    private final Ledger ledger; // guarded by lock
    private final Screening screening;
    private final Waiters waiters;
    private final Ticker ticker;

    LeaseDesk(ReentrantLock lock, Ledger ledger, Waiters waiters, Ticker ticker) {
        this.lock = lock;
        this.ledger = ledger;
        this.screening = ledger.screening();
        this.waiters = waiters;
        this.ticker = ticker;
    }

    /** The request of a lease was written, at this moment. */
    void written(LeaseEntry entry, long nanos) {
        lock.lock();
        try {
            ledger.written(entry, nanos, ticker.nanos());
            waiters.changed();
        } finally {
            lock.unlock();
        }
    }

    /** A lease ends; returns what is settled by it. */
    Optional<Step> finish(LeaseEntry entry, LeaseResult result, Screened screened) {
        Screened links = screened;
        while (links.candidates().size() > MOST_ADMITTED) {
            admit(entry, links.first(MOST_ADMITTED));
            links = links.without(MOST_ADMITTED);
        }
        lock.lock();
        try {
            Optional<Step> step = ledger.finish(entry, result, links, ticker.nanos());
            waiters.changed();
            return step;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Screens what a lease brings, without the lock, because that is costly.
     *
     * @throws InterruptedException if the thread is interrupted and it would take long
     */
    Screened screen(LeaseEntry entry, LeaseResult result) throws InterruptedException {
        try {
            return screened(entry, result);
        } catch (CarrierTurn.OverException e) {
            Thread.interrupted();
            throw new InterruptedException(e.getMessage());
        }
    }

    /** The same for results that bring little; an {@link CarrierTurn.OverException} tells that it is not little. */
    Screened screened(LeaseEntry entry, LeaseResult result) {
        return screened(entry, result, new CarrierTurn(ticker));
    }

    private Screened screened(LeaseEntry entry, LeaseResult result, CarrierTurn turn) {
        return switch (result) {
            case PageResult(Redirected redirected, _, _, _) ->
                    Screened.NONE.redirecting(screening.allowsByPatterns(redirected.target(), turn));
            case PageResult found -> {
                Pending page = Objects.requireNonNull(entry.page, "no page was leased");
                yield screening.links(page.request(), page.chain().ofStart(), found.links(), turn)
                        .andDropped(found.linksDropped());
            }
            case SitemapFound found -> screening.entries(found.pages(), turn).andDropped(found.dropped());
            case RobotsFound _,Moved _,Missed _,Decided _,GivenUp _ -> Screened.NONE;
        };
    }

    /** A part of what a lease brings: while it is held, the crawl does not end. */
    private void admit(LeaseEntry entry, Screened some) {
        lock.lock();
        try {
            ledger.admit(entry, some, ticker.nanos());
            waiters.changed();
        } finally {
            lock.unlock();
        }
    }

    /** A lease ends without a result: its worker failed. */
    void abandon(LeaseEntry entry) {
        lock.lock();
        try {
            ledger.abandon(entry, ticker.nanos());
            waiters.changed();
        } finally {
            lock.unlock();
        }
    }
}
