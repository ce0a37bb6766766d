package fanout.internal.frontier;

import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.Work;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.outcome.Fetched;
import fanout.page.Content;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.races.Hunt;
import fanout.races.HuntTicker;
import fanout.races.Program;
import fanout.report.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Do small crawls come to the end that they must come to, under every schedule? Here workers wait, until they are
 * woken.
 */
public final class FrontierProgramsHunt implements Hunt {

    /**
     * Threads are switched before and after a call of the ledger, not inside, where thousands of accesses under one
     * lock would leave no schedule for the places that matter.
     */
    static final ManagedStrategyGuarantee LEDGER_IS_ONE_STEP = ManagedStrategyGuaranteeKt
            .forClasses("fanout.internal.frontier.Ledger", "fanout.internal.frontier.Admission",
                    "fanout.internal.frontier.Screening")
            .allMethods()
            .treatAsAtomic();

    @Override
    public void run(Effort effort) {
        List<ManagedStrategyGuarantee> steps = List.of(LEDGER_IS_ONE_STEP);
        Program.explore(LinkOfTheLastPage.class, effort, steps, "finish", "work");
        Program.explore(RoomForOnePage.class, effort, steps, "take", "takeToo");
        Program.explore(OneSourceOfTwo.class, effort, steps, "close", "closeToo");
        Program.explore(DrainedWorker.class, effort, steps, "drain", "work");
    }

    /** A frontier with two sources and one page, and the work of a worker. */
    public abstract static class SmallCrawl {

        private static final List<Request> PAGES = IntStream.rangeClosed(0, 1)
                .mapToObj(page -> TestFrontier.request("http://a.test/" + page))
                .toList();
        private static final HostFeedback OK = TestFrontier.status(200);

        // Copies of the above, because Lincheck keeps account of all that can be reached from a static field in use.
        final List<Request> pages = PAGES;
        private final HostFeedback ok = OK;

        final Frontier frontier;
        final Source source;
        final Source other;
        final AtomicInteger fetched = new AtomicInteger();

        SmallCrawl(long maxPages, Ticker ticker) {
            CrawlJob job = TestFrontier.plain("http://a.test/0")
                    .limits(TestFrontier.limits(maxPages, 100, Duration.ofHours(1)))
                    .build();
            frontier = TestFrontier.alone(job, Deadline.after(Duration.ofHours(1), ticker), ticker);
            source = frontier.openSource();
            other = frontier.openSource();
            source.offer(pages.get(0));
        }

        /** Fetches until the end. */
        void workToTheEnd() throws InterruptedException {
            Optional<Assignment> taken = frontier.take();
            while (taken.isPresent()) {
                finish((Lease) taken.get());
                taken = frontier.take();
            }
        }

        /** Ends a lease with a page that links to page 1. */
        void finish(Lease lease) {
            Work.FetchPage page = (Work.FetchPage) lease.work();
            Fetched outcome = new Fetched(page.request(), Trail.NONE, Content.UNREAD, List.of());
            List<Link> links = List.of(new Link(pages.get(1).url(), Optional.empty()));
            fetched.addAndGet(lease.finish(new PageResult(outcome, links, 0, ok)).orElseThrow().outcomes().size());
            lease.close();
        }

        void expect(int pagesFetched, FinishReason end) {
            Optional<FinishReason> ended = frontier.snapshot().ended();
            if (fetched.get() != pagesFetched || !ended.equals(Optional.of(end))) {
                throw new AssertionError(fetched + " pages fetched, ended " + ended);
            }
        }
    }

    /** The last page is in one worker's hands when another asks for work: its link is work to come. */
    public static final class LinkOfTheLastPage extends SmallCrawl {

        private final Lease last;

        public LinkOfTheLastPage() throws InterruptedException {
            super(10, HuntTicker.PATIENT);
            source.close();
            other.close();
            last = (Lease) frontier.take().orElseThrow();
        }

        @Operation
        public void finish() {
            finish(last);
        }

        @Operation
        public void work() throws InterruptedException {
            workToTheEnd();
        }

        @Validate
        public void linkIsFetched() {
            expect(2, FinishReason.EXHAUSTED);
        }
    }

    /** Two workers, two pages, and room for one. */
    public static final class RoomForOnePage extends SmallCrawl {

        private final AtomicInteger leases = new AtomicInteger();

        public RoomForOnePage() {
            super(1, HuntTicker.IMPATIENT);
            source.offer(pages.get(1));
        }

        @Operation
        public void take() {
            try {
                leases.addAndGet(frontier.take().isPresent() ? 1 : 0);
            } catch (InterruptedException wouldWait) {
                // for the other's page, which may fail
            }
        }

        @Operation
        public void takeToo() {
            take();
        }

        @Validate
        public void onePageIsLeased() {
            if (leases.get() != 1) {
                throw new AssertionError(leases + " pages leased");
            }
        }
    }

    /** Two close the same source, while another stays open. */
    public static final class OneSourceOfTwo extends SmallCrawl {

        public OneSourceOfTwo() {
            super(10, HuntTicker.IMPATIENT);
        }

        @Operation
        public void close() {
            source.close();
        }

        @Operation
        public void closeToo() {
            source.close();
        }

        @Validate
        public void crawlEndsWithTheOtherAndNotBefore() throws InterruptedException {
            try {
                workToTheEnd();
                throw new AssertionError("ended while a source was open: " + frontier.snapshot().ended());
            } catch (InterruptedException wouldWait) {
                other.close();
            }
            workToTheEnd();
            expect(2, FinishReason.EXHAUSTED);
        }
    }

    /** The sources stay open, and the crawl is asked to drain: a worker that waits for them need not any more. */
    public static final class DrainedWorker extends SmallCrawl {

        public DrainedWorker() {
            super(10, HuntTicker.PATIENT);
        }

        @Operation
        public void drain() {
            frontier.drain();
        }

        @Operation
        public void work() throws InterruptedException {
            workToTheEnd();
        }

        @Validate
        public void crawlHasEnded() {
            expect(fetched.get(), FinishReason.INTERRUPTED);
        }
    }
}
