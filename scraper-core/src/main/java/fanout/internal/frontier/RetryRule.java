package fanout.internal.frontier;

import fanout.internal.host.Backoff;
import fanout.internal.host.HostFeedback;
import fanout.job.CrawlJob;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Attempt;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Whether, and when, something that failed is tried again. Immutable. */
final class RetryRule {

    private final int maxAttempts;
    private final boolean unsafeMethods;
    private final Duration maxRetryAfter;
    private final Backoff backoff;

    RetryRule(CrawlJob job, RandomGenerator random) {
        this.maxAttempts = job.retries().maxAttempts();
        this.unsafeMethods = job.retries().unsafeMethods();
        this.maxRetryAfter = job.politeness().maxRetryAfter();
        this.backoff = new Backoff(job.retries(), random);
    }

    /** Whether another attempt is due after so many; a host that asks for more patience than the job has gets none. */
    boolean applies(Failure failure, int attempts, HostFeedback feedback) {
        return failure.isRetryable() && allows(attempts, feedback);
    }

    /** The same for a page, whose request may have a method that is not repeated. */
    boolean applies(Failed failed, int attempts, HostFeedback feedback) {
        return applies(failed.failure(), attempts, feedback) && maySendAgain(failed);
    }

    /** Whether the request may be sent again: the server must not get one twice that does something each time. */
    boolean maySendAgain(Failed failed) {
        return unsafeMethods || failed.request().details().method().isIdempotent()
                || !failed.trail().last().map(Attempt::sent).orElse(false);
    }

    /** The same for a robots.txt, where every 5xx is worth another attempt: what is at stake is the whole host. */
    boolean appliesToRobots(Failure failure, int attempts, HostFeedback feedback) {
        return (failure instanceof Failure.HttpStatus || failure.isRetryable()) && allows(attempts, feedback);
    }

    private boolean allows(int attempts, HostFeedback feedback) {
        return attempts < maxAttempts
                && feedback.retryAfter().orElse(Duration.ZERO).compareTo(maxRetryAfter) <= 0;
    }

    long at(int attempts, long now) {
        return now + backoff.after(attempts).toNanos();
    }
}
