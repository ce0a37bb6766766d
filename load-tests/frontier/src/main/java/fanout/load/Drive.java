package fanout.load;

import fanout.internal.frontier.Frontier;
import fanout.internal.frontier.Lease;
import fanout.internal.frontier.LeaseResult;
import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.frontier.Source;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.HostHealth;
import fanout.internal.host.Work;
import fanout.internal.task.Deadline;
import fanout.outcome.CancelReason;
import fanout.outcome.Fetched;
import fanout.page.Content;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.Trail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * A frontier, and one thread that does as {@value #WORKERS} workers do: takes a lease for each, has their requests
 * written, and finishes the leases with pages. A drive that loses a URL, or gets one twice, is no measure: it fails.
 */
final class Drive {

    static final int WORKERS = 64;
    /** What passes from one request to the next. */
    private static final long STEP_NANOS = 1_000;
    private static final long RULE_BYTES = 1 << 20;
    private static final HostFeedback OK =
            new HostFeedback(Optional.of(Duration.ofMillis(1)), 200, Optional.empty(), HostHealth.SUCCESS);

    private final Scenario scenario;
    private final int hosts;
    private final JumpingClock clock = new JumpingClock();
    private final Frontier frontier;
    private final Costs costs;
    private final Supplier<Content> contents;
    private long waiting;
    private long fetched;
    private long bytesRead;

    /** @param costs to which this drive's are added */
    Drive(Scenario scenario, int hosts, Costs costs) {
        this(scenario, hosts, costs, () -> Content.UNREAD);
    }

    /** @param contents of the pages, in the order in which they are fetched */
    Drive(Scenario scenario, int hosts, Costs costs, Supplier<Content> contents) {
        this.scenario = scenario;
        this.hosts = hosts;
        this.costs = costs;
        this.contents = contents;
        this.frontier = new Frontier(scenario.job(), new Frontier.Group(RULE_BYTES, Long.MAX_VALUE),
                Deadline.after(Scenario.MAX_DURATION, clock), clock, new SplittableRandom(1), Optional.empty());
    }

    Frontier frontier() {
        return frontier;
    }

    JumpingClock clock() {
        return clock;
    }

    /** Offers the pages from which the crawl starts. */
    void offer() {
        offer(switch (scenario.source()) {
            case OFFERED -> Scenario.PAGES;
            case LINKED -> 1;
        });
    }

    /** Offers so many pages of each host. */
    void offer(int pages) {
        offer(pages, host -> ScenarioPages.of(host, pages));
    }

    /** Offers so many pages of each host, which this function makes. */
    void offer(int pages, IntFunction<List<Request>> pagesOf) {
        Source source = frontier.openSource();
        for (int host = 0; host < hosts; host++) {
            List<Request> requests = pagesOf.apply(host);
            long begun = Costs.now();
            for (Request request : requests) {
                if (!source.offer(request)) {
                    throw new IllegalStateException("no room for " + request.url());
                }
            }
            costs.add(Call.OFFER, pages, begun);
        }
        source.close();
        waiting += (long) hosts * pages;
    }

    /** Fetches everything, to the end of the crawl. */
    void fetchAll() throws InterruptedException {
        while (waiting > 0) {
            round();
        }
        long discovered = frontier.snapshot().urls().discovered();
        if (frontier.take().isPresent() || fetched != discovered) {
            throw new IllegalStateException("%d of %d URLs fetched".formatted(fetched, discovered));
        }
        if (bytesRead != discovered * scenario.bodyBytes()) {
            throw new IllegalStateException("%d bytes read of %d pages".formatted(bytesRead, discovered));
        }
    }

    /** Ends the frontier, whatever waits in it. */
    void leave() {
        while (frontier.leftovers(CancelReason.INTERRUPTED).isPresent()) {
            waiting = 0;
        }
    }

    /** One lease for each worker, or for as many as there are hosts; returns how many outcomes that gave. */
    int round() throws InterruptedException {
        int workers = (int) Math.min(Math.min(WORKERS, hosts), waiting);
        List<Lease> leases = new ArrayList<>(workers);
        long begun = Costs.now();
        for (int i = 0; i < workers; i++) {
            Lease lease = (Lease) frontier.take().orElseThrow();
            leases.add(lease);
            if (lease.work().url().toString().isEmpty()) { // a worker reads it, too, and it may lie anywhere in memory
                throw new IllegalStateException("a URL is empty");
            }
        }
        costs.add(Call.TAKE, workers, begun);
        waiting -= workers;
        leases.forEach(_ -> readPage());

        begun = Costs.now();
        for (Lease lease : leases) {
            clock.advance(STEP_NANOS);
            lease.written(clock.nanos());
        }
        costs.add(Call.WRITTEN, workers, begun);

        List<LeaseResult> results = leases.stream().map(this::resultOf).toList();
        long before = fetched;
        begun = Costs.now();
        for (int i = 0; i < workers; i++) {
            try (Lease lease = leases.get(i)) {
                fetched += lease.finish(results.get(i)).orElseThrow().outcomes().size();
            }
        }
        costs.add(Call.FINISH, workers, begun);
        return (int) (fetched - before);
    }

    /** What stands between two calls of a worker: it takes the processor's caches from the frontier. */
    private void readPage() {
        byte[] body = new byte[scenario.bodyBytes()];
        for (byte b : body) {
            bytesRead += 1 + b;
        }
    }

    private LeaseResult resultOf(Lease lease) {
        Request request = ((Work.FetchPage) lease.work()).request();
        List<Link> links = switch (scenario.source()) {
            case OFFERED -> List.of();
            case LINKED -> ScenarioPages.linksOf(request.url(), hosts);
        };
        waiting += scenario.source() == Scenario.Source.LINKED
                && ScenarioPages.placeOf(request.url()) + 1 < Scenario.PAGES ? 1 : 0;
        return new PageResult(new Fetched(request, Trail.NONE, contents.get(), List.of()), links, 0, OK);
    }
}
