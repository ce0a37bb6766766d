package fanout.internal.host;

import fanout.internal.host.RedirectChain.Refusal;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.outcome.Stage;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An admitted URL that has no outcome yet. Immutable. */
public final class Pending {

    private final Request request;
    private final RedirectChain chain;
    private final Tried tried;

    /**
     * What was tried before. Immutable.
     *
     * @param last the outcome of the last attempt, if it failed and is to be repeated
     * @param notBefore when a repetition may start; without meaning for a first attempt
     * @param earlierAttempts made before the chain of redirects came back here; retries are not counted against them
     * @param stale times that the request went to a connection which its server had closed
     * @param refusal what sessions have made of the request; empty if none has refused it
     */
    record Tried(@Nullable Failed last, long notBefore, int earlierAttempts, int stale, Optional<Refusal> refusal) {

        static final Tried NEVER = new Tried(null, 0, 0, 0, Optional.empty());
    }

    Pending(Request request, RedirectChain chain, Tried tried) {
        this.request = request;
        this.chain = chain;
        this.tried = tried;
    }

    /** A URL that was not tried yet. */
    public static Pending first(Request request, RedirectChain chain) {
        return new Pending(request, chain, Tried.NEVER);
    }

    /**
     * A member of the chain that is visited once more.
     *
     * @param next what the redirect leads to: the member, unless the crawl knows two URLs as one
     */
    public static Pending again(Redirected member, Request next, RedirectChain chain) {
        Request request = member.request().url().equals(next.url()) ? member.request() : next;
        return new Pending(request, chain, new Tried(null, 0, member.trail().attempts(), 0, Optional.empty()));
    }

    /** The same after an attempt that failed, to be repeated at this moment. */
    public Pending retried(Failed failed, long at) {
        return new Pending(request, chain, new Tried(failed, at, tried.earlierAttempts(), tried.stale(),
                tried.refusal()));
    }

    /** The same by GET, from this moment on: the server refuses HEAD. */
    public Pending byGet(Failed refused, long now) {
        Request get = request.with(Request.Details.EXTERNAL_GET);
        return new Pending(get, chain, new Tried(null, now, refused.trail().attempts(), tried.stale(),
                tried.refusal()));
    }

    /** The same once more, from this moment on: the server has not seen the request. */
    public Pending afterStaleConnection(long now) {
        return new Pending(request, chain, new Tried(tried.last(), now, tried.earlierAttempts(), tried.stale() + 1,
                tried.refusal()));
    }

    /** The request with which its chain began, after a session has refused it. Nothing else of the chain is left. */
    public Pending refused(Attempt last, long now) {
        return begunAgain(Optional.of(new Refusal(timesRefused() + 1, last)), now);
    }

    /** The request with which its chain began, to be sent once more from this moment on. */
    public Pending begunAgain(long now) {
        return begunAgain(refusal(), now);
    }

    private Pending begunAgain(Optional<Refusal> refusal, long now) {
        Tried again = new Tried(null, now, 0, 0, refusal);
        return chain.begin()
                .map(begin -> new Pending(begin.request(),
                        chain.ofStart() ? RedirectChain.OF_START : RedirectChain.OF_LINK, again))
                .orElseGet(() -> new Pending(request, chain, again));
    }

    /** Whether its chain began under another session than this. */
    public boolean beganUnderAnother(long session) {
        return chain.begin().filter(begin -> begin.session() != session).isPresent();
    }

    /** How many sessions have refused the request with which its chain began. */
    public int timesRefused() {
        return refusal().map(Refusal::times).orElse(0);
    }

    private Optional<Refusal> refusal() {
        return chain.begin().map(RedirectChain.Begin::refusal).orElse(tried.refusal());
    }

    /**
     * The same at the end of a chain whose hops are all admitted.
     *
     * @param earlier those of them that get their lines with it
     */
    public Pending after(List<Redirected> earlier) {
        return new Pending(request, new RedirectChain(chain.hops(), earlier, chain.ofStart()), tried);
    }

    /**
     * The chain of what a redirect leads to, whose hops are admitted when it ends.
     *
     * @param session under which it redirected
     */
    public RedirectChain chainFromHere(long session) {
        return chain.beginningAt(new RedirectChain.Begin(request, tried.refusal(), session));
    }

    /** Its one outcome, if two sessions in a row have refused it. */
    public List<Outcome> refusedForGood() {
        Refusal last = refusal().orElseThrow();
        Trail trail = new Trail(last.times(), chain.hops(), Optional.of(last.last()));
        return chain.endedBy(new Failed(request, trail, new Failure.SessionRefused()));
    }

    /** Whether it was not tried yet, and waits for nothing but its host. */
    boolean isFirstAttempt() {
        return tried.last() == null && tried.stale() == 0 && tried.refusal().isEmpty();
    }

    int priority() {
        return request.details().priority();
    }

    public Request request() {
        return request;
    }

    public CanonicalUrl url() {
        return request.url();
    }

    /** The redirects that led here. */
    public RedirectChain chain() {
        return chain;
    }

    Tried tried() {
        return tried;
    }

    /** The outcome of the last attempt, if it failed and is to be repeated. */
    public @Nullable Failed last() {
        return tried.last();
    }

    /** When a repetition may start; without meaning for a first attempt. */
    public long notBefore() {
        return tried.notBefore();
    }

    /** Requests made before the chain of redirects came back here. */
    public int earlierAttempts() {
        return tried.earlierAttempts();
    }

    /** Times that the request went to a connection which its server had closed. */
    public int stale() {
        return tried.stale();
    }

    /** Requests made for this URL so far. */
    public int attempts() {
        Failed last = last();
        return last == null ? earlierAttempts() : last.trail().attempts();
    }

    /** The trail as it is. */
    private Trail trail() {
        Failed last = last();
        return last == null ? new Trail(earlierAttempts(), chain.hops(), Optional.empty()) : last.trail();
    }

    /** Its outcomes, and those of its redirects, if it failed for good. */
    public List<Outcome> failed(Failure failure) {
        return chain.endedBy(new Failed(request, trail(), failure));
    }

    /** Its outcomes, and those of its redirects, if it is not tried. */
    public List<Outcome> skipped(SkipReason why, Optional<String> detail) {
        return chain.endedBy(new Skipped(request, trail(), why, detail));
    }

    /** What a crawl that ends leaves of it: its last failure, if it was tried. */
    public List<Outcome> leftOver(CancelReason why, Stage stage) {
        if (chain.begin().isPresent()) {
            return discarded(why, stage);
        }
        Failed last = last();
        return chain.endedBy(last != null ? last : new Cancelled(request, trail(), why, stage));
    }

    /** What a crawl that ends leaves of a chain of which only the first request is admitted. */
    public List<Outcome> discarded(CancelReason why, Stage stage) {
        Request first = chain.begin().map(RedirectChain.Begin::request).orElse(request);
        return List.of(new Cancelled(first, new Trail(0, 0, Optional.empty()), why, stage));
    }

    /**
     * The same where a page budget was what ended it.
     *
     * @param which in words; empty if it is that of the crawl
     */
    public List<Outcome> overBudget(Optional<String> which) {
        if (chain.begin().isPresent()) {
            Request first = chain.begin().get().request();
            return List.of(new Skipped(first, new Trail(0, 0, Optional.empty()), SkipReason.BUDGET, which));
        }
        Failed last = last();
        return last != null ? chain.endedBy(last) : skipped(SkipReason.BUDGET, which);
    }
}
