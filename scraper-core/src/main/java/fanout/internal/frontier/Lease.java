package fanout.internal.frontier;

import fanout.internal.frontier.LeaseResult.GivenUp;
import fanout.internal.frontier.LeaseResult.LoggedIn;
import fanout.internal.frontier.LeaseResult.LoginContinues;
import fanout.internal.frontier.LeaseResult.LoginFailed;
import fanout.internal.frontier.LeaseResult.Missed;
import fanout.internal.frontier.LeaseResult.Moved;
import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.frontier.LeaseResult.Refused;
import fanout.internal.frontier.LeaseResult.RobotsFound;
import fanout.internal.frontier.LeaseResult.SitemapFound;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.Pending;
import fanout.internal.host.Work;
import fanout.internal.task.CarrierTurn;
import fanout.internal.task.Ticker;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.page.OpenSession;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right, and the duty, to do one piece of work. Taken from {@link Frontier#take}, ended by {@link #finish} on every
 * path: try-with-resources is what {@code defer wg.Done()} is in Go.
 *
 * <p>Confined to the worker that took it.
 */
public final class Lease implements Assignment {

    private final Owner owner;
    private final LeaseEntry entry;
    private final Screening screening;
    private final Ticker ticker;
    private boolean finished;
    private @Nullable Look look;

    /** Gives leases and takes them back: the frontier, under its lock. */
    interface Owner {

        /** Notes the moment in which the request of a lease was written. */
        void written(LeaseEntry entry, long nanos);

        /** Ends a lease with a result whose links were screened; returns what is settled by it. */
        Optional<Step> finish(LeaseEntry entry, LeaseResult result, Screened screened);

        /** Ends a lease without a result, because its worker failed. */
        void abandon(LeaseEntry entry);
    }

    /**
     * What was made of a result without the lock.
     *
     * @param of the result
     * @param told the same, in which the links that are kept say whether they are in scope; or the failure that it came
     *     to, because its patterns took too long
     */
    private record Look(LeaseResult of, LeaseResult told, Screened screened) {}

    Lease(Owner owner, LeaseEntry entry, Screening screening, Ticker ticker) {
        this.owner = owner;
        this.entry = entry;
        this.screening = screening;
        this.ticker = ticker;
    }

    /** Returns what to do. */
    public Work work() {
        return entry.work;
    }

    /** Returns the session under which to do it. */
    public OpenSession session() {
        return entry.session;
    }

    /**
     * Says that the request was written, from which moment the host's delay counts.
     *
     * @param nanos when, in {@link Ticker#nanos}
     */
    public void written(long nanos) {
        if (entry.paced) {
            owner.written(entry, nanos);
        }
    }

    /**
     * Screens what a result brings before the lease is finished with it: by the patterns of the job, without the
     * frontier's lock, as it may take long. It may take as long as a request: the result of a page or a sitemap with
     * which it takes longer is replaced by a failure, as if it had taken too long to be parsed.
     *
     * @throws InterruptedException if the thread is interrupted and there is still much to do; the lease can be
     *     finished with another result then
     */
    public void screen(LeaseResult result) throws InterruptedException {
        try {
            look = look(result);
        } catch (CarrierTurn.OverException e) {
            Thread.interrupted();
            throw new InterruptedException(e.getMessage());
        }
    }

    /**
     * Ends the lease. Never blocks for longer than the frontier's lock is held.
     *
     * @return what is settled by it, to be sent by the caller before it closes the lease; empty if the URL is tried
     *     again, or its outcome goes with the step of another lease
     * @throws IllegalStateException if the lease was finished before
     */
    public Optional<Step> finish(LeaseResult result) {
        if (finished) {
            throw new IllegalStateException("lease finished twice: " + entry.work.url());
        }
        Look known = look;
        Look last = known != null && known.of().equals(result) ? known : look(result);
        Optional<Step> step = owner.finish(entry, last.told(), last.screened());
        finished = true; // not before: a lease whose result could not be taken is given back by close
        return step;
    }

    private Look look(LeaseResult result) {
        CarrierTurn turn = new CarrierTurn(ticker, screening.limit());
        try {
            return look(result, turn);
        } catch (CarrierTurn.LateException e) {
            return new Look(result, late(result), Screened.NONE);
        }
    }

    private LeaseResult late(LeaseResult result) {
        Failure failure = new Failure.TimedOut(Stage.PARSE, screening.limit());
        return switch (result) {
            case PageResult(Outcome outcome, _, _, HostFeedback feedback) ->
                    new PageResult(new Failed(outcome.request(), outcome.trail(), failure), List.of(), 0, feedback);
            case SitemapFound found -> new Missed(failure, found.feedback());
            case RobotsFound _,Moved _,Missed _,GivenUp _,Refused _,LoginContinues _,LoggedIn _,LoginFailed _ ->
                    throw new IllegalStateException("has nothing to be screened: " + result);
        };
    }

    private Look look(LeaseResult result, CarrierTurn turn) {
        Screened screened = screened(result, turn);
        LeaseResult told = result;
        if (result instanceof PageResult(Fetched fetched, var links, int dropped, HostFeedback feedback)
                && !fetched.links().isEmpty()) {
            Pending page = Objects.requireNonNull(entry.page, "no page was leased");
            told = new PageResult(fetched.with(screening.judged(page.request(), page.chain().ofStart(),
                    fetched.links(), turn)), links, dropped, feedback);
        }
        return new Look(result, told, screened);
    }

    private Screened screened(LeaseResult result, CarrierTurn turn) {
        return switch (result) {
            case PageResult(Redirected redirected, _, _, _) ->
                    Screened.NONE.redirecting(screening.target(redirected.target(), turn));
            case PageResult found -> {
                Pending page = Objects.requireNonNull(entry.page, "no page was leased");
                yield screening.links(page.request(), page.chain().ofStart(), found.links(), turn)
                        .andDropped(found.linksDropped());
            }
            case SitemapFound found -> screening.entries(found.pages(), turn).andDropped(found.dropped());
            case RobotsFound _,Moved _,Missed _,GivenUp _,Refused _,LoginContinues _,LoggedIn _,LoginFailed _ ->
                    Screened.NONE;
        };
    }

    /**
     * Says that the step of a finished lease was sent, or is left with another who sends it. A lease that was not
     * finished, because its worker failed, is given back: its URL stays in the frontier, to be counted.
     */
    @Override
    public void close() {
        if (finished) {
            entry.sent();
        } else {
            finished = true;
            owner.abandon(entry);
        }
    }
}
