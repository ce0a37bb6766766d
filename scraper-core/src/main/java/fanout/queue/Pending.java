package fanout.queue;

import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.task.Stage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An admitted URL that has no outcome yet. Immutable.
 *
 * @param last the outcome of the last attempt, if it failed and is to be repeated
 * @param notBefore when a repetition may start; without meaning for a first attempt
 * @param earlierAttempts made before the chain of redirects came back here; retries are not counted against them
 * @param stale times that the request went to a connection which its server had closed
 */
public record Pending(
        Request request,
        RedirectChain chain,
        @Nullable Failed last,
        long notBefore,
        int earlierAttempts,
        int stale) {

    public static Pending first(Request request, RedirectChain chain) {
        return new Pending(request, chain, null, 0, 0, 0);
    }

    /** A member of the chain that is visited once more. */
    public static Pending again(Redirected member, RedirectChain chain) {
        return new Pending(member.request(), chain, null, 0, member.trail().attempts(), 0);
    }

    public Pending retried(Failed failed, long at) {
        return new Pending(request, chain, failed, at, earlierAttempts, stale);
    }

    /** The same once more: the request was not sent. */
    public Pending afterStaleConnection() {
        return new Pending(request, chain, last, notBefore, earlierAttempts, stale + 1);
    }

    /** Requests made for this URL so far. */
    public int attempts() {
        return last == null ? earlierAttempts : last.trail().attempts();
    }

    /** The trail as it is. */
    Trail trail() {
        return last == null ? new Trail(earlierAttempts, chain.hops(), Optional.empty()) : last.trail();
    }

    List<Outcome> failed(Failure failure) {
        return chain.endedBy(new Failed(request, trail(), failure));
    }

    List<Outcome> skipped(SkipReason why, Optional<String> detail) {
        return chain.endedBy(new Skipped(request, trail(), why, detail));
    }

    /** What a crawl that ends leaves of it: its last failure, if it was tried. */
    public List<Outcome> leftOver(CancelReason why, Stage stage) {
        return chain.endedBy(last != null ? last : new Cancelled(request, trail(), why, stage));
    }

    /** The same where the page budget was what ended it. */
    public List<Outcome> overBudget() {
        return last != null ? chain.endedBy(last) : skipped(SkipReason.BUDGET, Optional.empty());
    }
}
