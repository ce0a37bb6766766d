package fanout.internal.frontier;

import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.Work;
import fanout.internal.task.Deadline;
import fanout.job.CrawlJob;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.page.Content;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.races.Hunt;
import fanout.races.HuntTicker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * Is the frontier linearizable: does every concurrent use look as if the calls had been made one after the other? The
 * measure is the frontier itself on one thread, so this finds races and nothing else.
 *
 * <p>A {@code take} that would wait is interrupted at once, or a program could stand still without a mistake. A lease
 * is confined to the thread that took it, as in a crawl.
 */
public final class FrontierHunt implements Hunt {

    private static final int THREADS = 2;
    private static final int CALLS = 2;

    @Override
    public void run(Effort effort) {
        new ModelCheckingOptions().addGuarantee(FrontierProgramsHunt.LEDGER_IS_ONE_STEP)
                .iterations(effort.scenarios())
                .invocationsPerIteration(effort.schedules())
                .threads(THREADS)
                .actorsPerThread(CALLS)
                .actorsBefore(0)
                .actorsAfter(1)
                .check(Calls.class);
    }

    /** The calls of which programs are made up: one host, two pages offered by one source, and room for one. */
    public static final class Calls {

        private static final CrawlJob JOB = TestFrontier.plain("http://a.test/0")
                .limits(TestFrontier.limits(1, 100, Duration.ofHours(1)))
                .build();
        private static final List<Request> PAGES = IntStream.rangeClosed(0, 2)
                .mapToObj(page -> TestFrontier.request("http://a.test/" + page))
                .toList();
        private static final HostFeedback OK = TestFrontier.status(200);

        // Copies of the above, because Lincheck keeps account of all that can be reached from a static field in use.
        private final List<Request> pages = PAGES;
        private final HostFeedback ok = OK;
        private final Frontier frontier =
                TestFrontier.alone(JOB, Deadline.after(Duration.ofHours(1), HuntTicker.IMPATIENT),
                        HuntTicker.IMPATIENT);
        private final Source source = frontier.openSource();
        private final Lease[] held = new Lease[THREADS + 2];

        public Calls() {
            source.offer(pages.get(0));
            source.offer(pages.get(1));
        }

        @Operation
        public String take(@Param(gen = ThreadIdGen.class) int thread) {
            if (held[thread] != null) {
                return "busy";
            }
            try {
                Optional<Lease> taken = frontier.take().map(Lease.class::cast);
                held[thread] = taken.orElse(null);
                return taken.map(lease -> lease.work().url().toString()).orElse("the end");
            } catch (InterruptedException wouldWait) {
                return "would wait";
            }
        }

        @Operation
        public String succeed(@Param(gen = ThreadIdGen.class) int thread,
                @Param(gen = IntGen.class, conf = "1:2") int link) {
            Lease lease = held[thread];
            if (lease == null) {
                return "idle";
            }
            held[thread] = null;
            Fetched fetched = new Fetched(pageOf(lease), Trail.NONE, Content.UNREAD, List.of());
            List<Link> links = List.of(new Link(pages.get(link).url(), Optional.empty()));
            return said(lease.finish(new PageResult(fetched, links, 0, ok)));
        }

        @Operation
        public String fail(@Param(gen = ThreadIdGen.class) int thread) {
            Lease lease = held[thread];
            if (lease == null) {
                return "idle";
            }
            held[thread] = null;
            Failed failed = new Failed(pageOf(lease), Trail.NONE, new Failure.HttpStatus(404));
            return said(lease.finish(new PageResult(failed, List.of(), 0, ok)));
        }

        private static Request pageOf(Lease lease) {
            return ((Work.FetchPage) lease.work()).request();
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

        private static String said(Optional<Step> step) {
            StringBuilder said = new StringBuilder();
            for (Outcome outcome : step.map(Step::outcomes).orElse(List.of())) {
                said.append(outcome.name()).append(' ').append(outcome.request().url()).append(' ');
            }
            return said.toString();
        }
    }
}
