package fanout.internal.frontier;

import fanout.internal.frontier.Assignment.Decided;
import fanout.internal.frontier.LeaseResult.Missed;
import fanout.internal.frontier.LeaseResult.Moved;
import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.frontier.LeaseResult.RobotsFound;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.HostHealth;
import fanout.internal.host.RobotsRules;
import fanout.internal.host.Work;
import fanout.internal.task.Deadline;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.Ticker;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.journal.Space;
import fanout.outcome.Change;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.outcome.Step;
import fanout.page.Attempt;
import fanout.page.Content;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A frontier, its clock, and a worker's words for what it found. Every outcome that becomes final is kept. */
final class TestFrontier {

    static final Manners NO_DELAY = manners(8, Duration.ZERO);
    static final long RULE_BYTES = 1 << 20;
    static final Retries NO_RETRIES = new Retries(1, Duration.ofSeconds(1), Duration.ofSeconds(1));

    final ManualTicker ticker;
    final Frontier frontier;
    final List<Outcome> outcomes = new ArrayList<>();
    /** What a crawl that goes on later would be told, in its order. */
    final List<Change> changes = new ArrayList<>();
    private final List<Lease> held = new ArrayList<>();
    private final Source source;

    private TestFrontier(CrawlJob job, ManualTicker ticker, Frontier.Group group) {
        this.ticker = ticker;
        this.frontier = new Frontier(job, group, Deadline.after(job.limits().maxDuration(), ticker), ticker,
                new SplittableRandom(1), Optional.empty());
        this.source = frontier.openSource();
        job.start().urls().forEach(source::offer);
    }

    /** A frontier that shares its hosts with no other. */
    static Frontier alone(CrawlJob job, Deadline deadline, Ticker ticker) {
        return new Frontier(job, new Frontier.Group(RULE_BYTES, Long.MAX_VALUE), deadline, ticker,
                new SplittableRandom(1), Optional.empty());
    }

    /** The frontier of a job whose start URLs are offered; on a clock that jumps. */
    static TestFrontier of(CrawlJob.Builder job) {
        return of(job, ManualTicker.jumping());
    }

    static TestFrontier of(CrawlJob.Builder job, ManualTicker ticker) {
        return of(job, ticker, new Frontier.Group(RULE_BYTES, Long.MAX_VALUE));
    }

    /** The same for a frontier that shares its hosts with others. */
    static TestFrontier of(CrawlJob.Builder job, ManualTicker ticker, Frontier.Group group) {
        TestFrontier made = new TestFrontier(job.build(), ticker, group);
        made.source.close();
        return made;
    }

    /** The same with a source left open, to be closed by the test. */
    static TestFrontier open(CrawlJob.Builder job, ManualTicker ticker) {
        return new TestFrontier(job.build(), ticker, new Frontier.Group(RULE_BYTES, Long.MAX_VALUE));
    }

    /** The ledger of a crawl that has begun and was offered these URLs. It shares its hosts with no other. */
    static Ledger ledger(CrawlJob.Builder job, Ticker ticker, String... urls) {
        Ledger ledger = new Ledger(job.build(), Fingerprint.Seed.random(), ticker,
                new Frontier.Group(RULE_BYTES, Long.MAX_VALUE).shared, new SplittableRandom(1), Space.UNLIMITED,
                () -> {});
        ledger.begin(ticker.nanos());
        Arrays.stream(urls).forEach(url -> ledger.offer(request(url), ticker.nanos()));
        return ledger;
    }

    Source source() {
        return source;
    }

    /** A job without robots.txt, delays or retries: tests add what they are about. */
    static CrawlJob.Builder plain(String... startUrls) {
        CrawlJob.Builder job = CrawlJob.builder("test")
                .politeness(politeness(NO_DELAY, false))
                .retries(NO_RETRIES)
                .circuitBreaker(new CircuitBreaking(100, 1000, Duration.ofSeconds(30), 3));
        Arrays.stream(startUrls).forEach(job::startUrl);
        return job;
    }

    static Manners manners(int perHostConcurrency, Duration delay) {
        return new Manners(perHostConcurrency, delay, false, Duration.ofMinutes(10));
    }

    static Politeness politeness(Manners manners, boolean obeyRobots) {
        return new Politeness(manners, Duration.ofMinutes(5), obeyRobots, true, Duration.ofSeconds(30), 1_000_000,
                Map.of());
    }

    static Limits limits(long maxPages, long maxUrls, Duration maxDuration) {
        return Limits.DEFAULT.toBuilder().maxPages(maxPages).maxUrls(maxUrls).maxDuration(maxDuration).build();
    }

    /** Takes a lease; as a worker does, settles on the way what needs no fetch. */
    Optional<Lease> take() {
        try {
            Optional<Assignment> taken = frontier.take();
            while (taken.isPresent() && needsNoFetch(taken.get())) {
                taken = frontier.take();
            }
            Optional<Lease> lease = taken.map(Lease.class::cast);
            lease.ifPresent(held::add);
            return lease;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean needsNoFetch(Assignment assignment) {
        return switch (assignment) {
            case Decided decided -> {
                sent(decided.step());
                decided.close();
                yield true;
            }
            case Lease lease when lease.work() instanceof Work.FetchPage page && !page.rules().allows(page.url()) -> {
                Skipped skipped = new Skipped(page.request(), Trail.NONE, SkipReason.ROBOTS, Optional.empty());
                finish(lease, new PageResult(skipped, List.of(), 0, HostFeedback.NONE));
                yield true;
            }
            case Lease _ -> false;
        };
    }

    /** The same with a source left open, for a frontier that shares its hosts with others. */
    static TestFrontier open(CrawlJob.Builder job, ManualTicker ticker, Frontier.Group group) {
        return new TestFrontier(job.build(), ticker, group);
    }

    /** Whether a worker that asks gets a lease without waiting; gives it back if so. */
    boolean hasLease() {
        FutureTask<Boolean> taking = new FutureTask<>(() -> {
            Optional<Assignment> taken = frontier.take();
            taken.ifPresent(Assignment::close);
            return taken.isPresent();
        });
        Thread taker = Thread.ofPlatform().name("taker").start(taking);
        try {
            while (taker.isAlive() && taker.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            boolean waits = !taking.isDone();
            taker.interrupt();
            taker.join();
            return !waits && taking.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** The result of a page without links. */
    LeaseResult success(Lease lease) {
        return new PageResult(new Fetched(page(lease).request(), trail(lease), Content.UNREAD, List.of()), List.of(), 0,
                status(200));
    }

    /** The result of a page that failed for good. */
    LeaseResult failure(Lease lease, int status) {
        return new PageResult(new Failed(page(lease).request(), trail(lease), new Failure.HttpStatus(status)),
                List.of(), 0,
                status(status));
    }

    /** A sitemap that lists nothing. */
    void sitemap(Lease lease) {
        finish(lease, new LeaseResult.SitemapFound(List.of(), List.of(), 0, Optional.empty(), status(200)));
    }

    /** Whether a worker that asks now would get a page. */
    boolean isReady() {
        return frontier.snapshot().urls().ready() > 0;
    }

    /** Gives back every lease that was not finished, for tests that end in the middle of a crawl. */
    void giveBack() {
        held.forEach(Lease::close);
    }

    /** Takes a lease that must be there, and says that its request is written now. */
    Lease start() {
        Lease lease = take().orElseThrow(() -> new AssertionError("the frontier has ended: " + frontier.snapshot()));
        lease.written(ticker.nanos());
        return lease;
    }

    /** Starts a lease that must be for this URL. */
    Lease start(String url) {
        Lease lease = start();
        if (!lease.work().url().toString().equals(url)) {
            throw new AssertionError("expected " + url + ", got " + lease.work());
        }
        return lease;
    }

    /** The end of the crawl, which must have come without any waiting. */
    String end() {
        Duration before = ticker.passed();
        Optional<Lease> taken = take();
        if (taken.isPresent()) {
            throw new AssertionError("not the end: " + taken.get().work());
        }
        if (!ticker.passed().equals(before)) {
            throw new AssertionError("waited " + ticker.passed().minus(before) + " for nothing");
        }
        return frontier.snapshot().ended().orElseThrow().toString();
    }

    void ok(Lease lease, String... links) {
        List<Link> found = Arrays.stream(links)
                .map(link -> new Link(CanonicalUrl.of(link), Optional.empty()))
                .toList();
        Fetched fetched = new Fetched(page(lease).request(), trail(lease), Content.UNREAD, List.of());
        finish(lease, new PageResult(fetched, found, 0, status(200)));
    }

    void redirect(Lease lease, String target) {
        Redirected redirected = new Redirected(page(lease).request(), trail(lease), CanonicalUrl.of(target));
        finish(lease, new PageResult(redirected, List.of(), 0, status(302)));
    }

    void status(Lease lease, int status) {
        fail(lease, new Failure.HttpStatus(status), status(status));
    }

    void retryAfter(Lease lease, int status, Duration asked) {
        fail(lease, new Failure.HttpStatus(status),
                new HostFeedback(Optional.empty(), status, Optional.of(asked), status(status).verdict()));
    }

    void fail(Lease lease, Failure failure) {
        fail(lease, failure, new HostFeedback(Optional.empty(), 0, Optional.empty(), HostHealth.of(failure)));
    }

    private void fail(Lease lease, Failure failure, HostFeedback answer) {
        finish(lease, switch (lease.work()) {
            case Work.FetchPage page -> new PageResult(new Failed(page.request(), trail(lease), failure), List.of(), 0,
                    answer);
            case Work.FetchRobots _,Work.FetchSitemap _,Work.LogIn _ -> new Missed(failure, answer);
        });
    }

    void robots(Lease lease, RobotsRules rules) {
        finish(lease, new RobotsFound(rules, status(200)));
    }

    void moved(Lease lease, String target) {
        finish(lease, new Moved(CanonicalUrl.of(target), status(301)));
    }

    void finish(Lease lease, LeaseResult finding) {
        lease.finish(finding).ifPresent(this::sent);
        lease.close();
    }

    private void sent(Step step) {
        outcomes.addAll(step.outcomes());
        changes.addAll(step.changes());
    }

    static HostFeedback status(int status) {
        return HostFeedback.of(attempt(), status, Optional.empty());
    }

    static Work.FetchPage page(Lease lease) {
        return (Work.FetchPage) lease.work();
    }

    private static Trail trail(Lease lease) {
        return page(lease).trailAfter(attempt());
    }

    static Attempt attempt() {
        return new Attempt(java.time.Instant.EPOCH, Duration.ofMillis(1), Optional.of(Duration.ofMillis(1)),
                Optional.empty(), Optional.empty());
    }

    static RobotsRules disallow(String pattern) {
        return new RobotsRules(List.of(new RobotsRules.Rule(pattern, false)), Optional.empty(), List.of());
    }

    static RobotsRules crawlDelay(Duration delay) {
        return new RobotsRules(List.of(), Optional.of(delay), List.of());
    }

    static Request request(String url) {
        return Request.start(CanonicalUrl.of(url), Optional.empty());
    }

    /** Every outcome so far as {@code url outcome/reason}. */
    List<String> lines() {
        return outcomes.stream().map(TestFrontier::line).toList();
    }

    static String line(Outcome outcome) {
        return outcome.request().url() + " " + outcome.name() + outcome.reason().map(why -> "/" + why).orElse("");
    }
}
