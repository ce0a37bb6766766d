package fanout.internal.frontier;

import fanout.internal.frontier.LeaseResult.LoggedIn;
import fanout.internal.frontier.LeaseResult.LoginFailed;
import fanout.internal.frontier.LeaseResult.Missed;
import fanout.internal.frontier.LeaseResult.Refused;
import fanout.internal.host.HostState;
import fanout.internal.host.HostTable;
import fanout.internal.host.Pending;
import fanout.internal.host.Work;
import fanout.internal.task.Times;
import fanout.job.CrawlJob;
import fanout.job.Session;
import fanout.outcome.Reason;
import fanout.page.OpenSession;
import fanout.url.CanonicalUrl;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * The session of a crawl: when to log in, what a refused response means, and when to give up.
 *
 * <p>A login is work like a robots.txt: one worker has one step of it at a time, and while it is due no page and no
 * sitemap is leased. A lease knows the number of the session under which its request is sent. So a refusal makes a
 * login due only under the session of this moment: of many workers that meet the end of a session the first one does,
 * and the requests of the others only wait again.
 *
 * <p>A request that two sessions refuse may be forbidden for good, and makes no further login due. It stands aside. If
 * a request that began later is served under the same session, the session was alive: what stands aside is final. If a
 * login becomes due after all, it waits again. If nothing else is left, it is final, too.
 *
 * <p>Guarded by the frontier's lock.
 */
final class Logins {

    private final Optional<Session> job;
    private final HostTable hosts;
    private final Tally tally;
    private final RetryRule retry;
    private final Redirects redirects;
    private final Steps steps;
    /** Refused by two sessions, in the order of the refusals. */
    private final Queue<Pending> aside = new ArrayDeque<>();
    private OpenSession open = OpenSession.NONE;
    /** Of the last login that was begun. */
    private long number;
    private boolean isDue;
    /** Logins since a request was served. */
    private int consecutive;
    private Optional<String> failure = Optional.empty();

    Logins(CrawlJob job, HostTable hosts, Tally tally, RetryRule retry, Redirects redirects, Steps steps) {
        this.job = job.session();
        this.hosts = hosts;
        this.tally = tally;
        this.retry = retry;
        this.redirects = redirects;
        this.steps = steps;
    }

    /** Makes the first login due, before anything else is leased. */
    void begin(long now) {
        job.ifPresent(session -> logIn(session, now));
    }

    private void logIn(Session session, long now) {
        isDue = true;
        hosts.agenda().loginDue(true);
        number++;
        consecutive++;
        Set<String> origins = Set.of(session.firstUrl().origin());
        waitAgain(now);
        queue(Work.LogIn.first(session.firstUrl(), OpenSession.opening(number, origins)), now, now);
    }

    private void queue(Work.LogIn step, long notBefore, long now) {
        if (hosts.of(step.url().host()).isGivenUp()) {
            fail(step.step(), "the host " + step.url().host() + " kept failing");
        } else {
            hosts.addLogin(step, notBefore, now);
        }
    }

    /** Returns the session under which to do a piece of work. */
    OpenSession sessionOf(Work work) {
        return work instanceof Work.LogIn step ? step.session() : open;
    }

    // What becomes of the steps.

    void continues(Work.LogIn next, long now) {
        queue(next, now, now);
    }

    void done(LoggedIn result) {
        tally.login(true);
        open = result.session();
        isDue = false;
        hosts.agenda().loginDue(false);
    }

    void missed(Work.LogIn step, Missed missed, long now) {
        tally.deadlines(missed.failure());
        int attempts = step.attempts() + 1;
        if (retry.applies(missed.failure(), attempts, missed.feedback())) {
            queue(step.retried(), retry.at(attempts, now), now);
        } else {
            fail(step.step(), missed.failure().detail());
        }
    }

    void failed(LoginFailed result) {
        fail(result.step(), result.why());
    }

    /** Nothing is fetched from this host any more. */
    void giveUp(HostState host) {
        if (job.isPresent()) {
            hosts.takeAllAt(host, Work.Kind.LOGIN)
                    .forEach(step -> fail(((Work.LogIn) step).step(), "the host " + host.host() + " kept failing"));
        }
    }

    private void fail(int step, String why) {
        tally.login(false);
        end("the login failed at " + job.orElseThrow().named(step) + ": " + why);
    }

    private void end(String why) {
        failure = failure.or(() -> Optional.of(why));
    }

    /** Returns why the crawl cannot continue; empty if it can. */
    Optional<String> failure() {
        return failure;
    }

    // What becomes of the pages.

    /** The response to a page was that of an expired session: nothing of it is kept, and the page waits again. */
    void refused(LeaseEntry lease, Pending page, Refused refused, long now) {
        Pending again = page.refused(refused.attempt(), now);
        boolean isOfThisSession = lease.session.number() == number && !isDue;
        if (isOfThisSession && again.timesRefused() > 1) {
            aside.add(again);
            return;
        }
        hosts.add(again, now);
        if (isOfThisSession) {
            expired(job.orElseThrow(), again.url(), now);
        }
    }

    private void expired(Session session, CanonicalUrl refused, long now) {
        if (consecutive < session.maxLogins()) {
            logIn(session, now);
        } else {
            end("session.maxLogins is reached: after " + consecutive + " login" + (consecutive == 1 ? "" : "s")
                    + " in a row no page was served, and session.expired still holds for the response to " + refused);
        }
    }

    /** A page was served: the session is alive, or was when the request began. */
    void served(LeaseEntry lease) {
        if (lease.session.number() != number || number == 0) {
            return;
        }
        consecutive = 0;
        while (!aside.isEmpty() && Times.compare(aside.element().notBefore(), lease.leasedAt) < 0) {
            settle(aside.remove());
        }
    }

    /** Whether nothing stands aside. */
    boolean areNoneAside() {
        return aside.isEmpty();
    }

    /** Settles what stands aside, since nothing else is left. */
    void settleAside() {
        while (!aside.isEmpty()) {
            settle(aside.remove());
        }
    }

    private void settle(Pending page) {
        hosts.of(page.url().host()).count(page.refusedForGood().getLast());
        steps.settled(redirects.lines(page, page.refusedForGood()));
    }

    /** Has what stands aside wait at its hosts again. */
    void waitAgain(long now) {
        while (!aside.isEmpty()) {
            hosts.add(aside.remove(), now);
        }
    }

    /** A step was given up, because the crawl ends. */
    void givenUp() {
        tally.login(false);
    }

    /** The worker of a step has failed. */
    void abandoned(Work.LogIn step) {
        fail(step.step(), Reason.ABORTED + ", its worker failed");
    }
}
