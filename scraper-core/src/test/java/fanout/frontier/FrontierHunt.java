package fanout.frontier;

import fanout.frontier.Finding.PageFinding;
import fanout.host.Answer;
import fanout.job.CrawlJob;
import fanout.page.CancelReason;
import fanout.page.Content;
import fanout.page.Fetched;
import fanout.page.Link;
import fanout.page.Outcome;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.races.Hunt;
import fanout.races.HuntTicker;
import fanout.task.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * Is the frontier linearizable: does every concurrent use look as if the calls had been made one after the other? The measure
 * is the frontier itself on one thread, so this finds races and nothing else.
 *
 * <p>A {@code take} that would wait is interrupted at once, or a program could stand still without a mistake. A lease is
 * confined to the thread that took it, as in a crawl.
 */
public class FrontierHunt implements Hunt {

    private static final int THREADS = 2;
    /**
     * Threads are switched before and after a call of the ledger, not inside, where thousands of accesses under one lock would
     * leave no schedule for the places that matter.
     */
    private static final ManagedStrategyGuarantee LEDGER_IS_ONE_STEP = ManagedStrategyGuaranteeKt
            .forClasses("fanout.frontier.Ledger", "fanout.frontier.Admission")
            .allMethods()
            .treatAsAtomic();

    @Override
    public void run(Effort effort) {
        check(new ModelCheckingOptions().invocationsPerIteration(effort.schedules()).addGuarantee(LEDGER_IS_ONE_STEP),
                effort);
    }

    /** The same on threads that the machine schedules. */
    public static final class Stress extends FrontierHunt {

        @Override
        public void run(Effort effort) {
            check(new StressOptions().invocationsPerIteration(effort.schedules()), effort);
        }
    }

    private static void check(Options<?, ?> options, Effort effort) {
        options.iterations(effort.scenarios())
                .threads(THREADS)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(1)
                .check(Calls.class);
    }

    /** The calls of which programs are made up: one host, a budget of two pages, two sources, one of which stays open. */
    public static final class Calls {

        private static final CrawlJob JOB = TestFrontier.plain("http://a.test/0")
                .limits(TestFrontier.limits(2, 100, Duration.ofHours(1)))
                .build();
        private static final List<Request> PAGES = IntStream.rangeClosed(0, 2)
                .mapToObj(page -> TestFrontier.request("http://a.test/" + page))
                .toList();
        private static final Answer OK = TestFrontier.status(200);

        // Copies of the above, because Lincheck keeps account of all that can be reached from a static field in use.
        private final List<Request> pages = PAGES;
        private final Answer ok = OK;
        private final Frontier frontier = new Frontier(JOB, Deadline.after(Duration.ofHours(1), HuntTicker.IMPATIENT),
                HuntTicker.IMPATIENT);
        private final Source source = frontier.openSource();
        private final Lease[] held = new Lease[THREADS + 2];

        public Calls() {
            JOB.startUrls().forEach(source::offer);
        }

        @Operation
        public String take(@Param(gen = ThreadIdGen.class) int thread) {
            if (held[thread] != null) {
                return "busy";
            }
            try {
                Optional<Lease> taken = frontier.take();
                held[thread] = taken.orElse(null);
                return taken.map(lease -> lease.work().url().toString()).orElse("the end");
            } catch (InterruptedException wouldWait) {
                return "would wait";
            }
        }

        @Operation
        public String finish(@Param(gen = ThreadIdGen.class) int thread,
                @Param(gen = IntGen.class, conf = "1:2") int link) {
            Lease lease = held[thread];
            if (lease == null) {
                return "idle";
            }
            held[thread] = null;
            Work.FetchPage page = (Work.FetchPage) lease.work();
            Fetched fetched = new Fetched(page.request(), Trail.NONE, Content.UNREAD, List.of());
            List<Link> links = List.of(new Link(pages.get(link).url(), Optional.empty()));
            return said(lease.finish(new PageFinding(fetched, links, 0, ok)));
        }

        @Operation
        public String offer(@Param(gen = IntGen.class, conf = "1:2") int page) {
            try {
                return source.offer(pages.get(page)) ? "taken" : "full";
            } catch (IllegalStateException closed) {
                return "closed";
            }
        }

        @Operation
        public void closeSource() {
            source.close();
        }

        @Operation
        public void drain() {
            frontier.drain();
        }

        @Operation
        public String leftovers() {
            return said(frontier.leftovers(CancelReason.ABORTED));
        }

        private static String said(List<Outcome> outcomes) {
            StringBuilder said = new StringBuilder();
            for (Outcome outcome : outcomes) {
                said.append(outcome.name()).append(' ').append(outcome.request().url()).append(' ');
            }
            return said.toString();
        }
    }
}
