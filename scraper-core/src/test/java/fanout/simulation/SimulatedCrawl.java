package fanout.simulation;

import fanout.Crawl;
import fanout.CrawlProgress;
import fanout.TestRuntime;
import fanout.outcome.Stage;
import fanout.report.CrawlReport;
import fanout.report.TaskSnapshot;
import fanout.simulation.Intervention.Happened;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One crawl of a {@link Simulation}, and what is known of it when it is over. Confined to the simulation. */
final class SimulatedCrawl {

    final CrawlPlan plan;
    final SimulatedNetwork network;
    final SimulatedSink sink;
    final StepLog steps;
    final List<Happened> happened = new ArrayList<>();
    /** What was wrong while all waited. */
    final List<String> seen = new ArrayList<>();
    private final SimulatedClock clock;
    private final SimulatedThreads threads;
    private final Trace trace;
    private final Crawl crawl;
    private @Nullable CrawlReport report;
    private @Nullable Throwable thrown;
    private @Nullable Moment began;
    private @Nullable Moment ended;
    private List<String> aliveAtTheEnd = List.of();

    /** @param runtime of all crawls */
    SimulatedCrawl(CrawlPlan plan, SimulatedWeb web, NetworkLog log, SimulatedClock clock, SimulatedThreads threads,
            Trace trace, TestRuntime runtime) {
        this.plan = plan;
        this.clock = clock;
        this.threads = threads;
        this.trace = trace;
        this.sink = new SimulatedSink(plan.sink(), clock, trace);
        this.steps = new StepLog(() -> sink.written().size());
        this.network = new SimulatedNetwork(plan, web, log, clock, trace, sink::pages);
        this.crawl = runtime.withThreads(threads.factory(plan.number()), threads.factory(plan.number()))
                .withNetwork(network)
                .withSteps(steps)
                .newCrawl(plan.job(), sink);
    }

    /** Starts the thread that runs the crawl, and those of the user who intervenes. */
    void start() {
        Thread runner = threads.start(plan.number() + " run", this::run);
        int count = 0;
        for (Intervention intervention : plan.interventions()) {
            threads.start(plan.number() + " user-" + ++count, () -> intervene(intervention, runner));
        }
    }

    private void run() {
        clock.passWhateverComes(plan.startsAfter().toNanos());
        began = clock.moment();
        try {
            report = crawl.run();
        } catch (Throwable e) { // a bug of any kind is judged later
            thrown = e;
            report = crawl.report().orElse(null);
        }
        ended = clock.moment();
        aliveAtTheEnd = threads.alive(plan.number());
        trace.say(() -> "the crawl is over: " + (thrown == null ? "" : thrown + " ") + report);
    }

    /** While all wait, every lease is a fetch under way, and nothing is ready that a worker is free to take. */
    void look() {
        crawl.progress().ifPresent(progress -> {
            int connections = network.activeConnections();
            if (progress.urls().inFlight() != connections
                    && progress.urls().inFlight() != connections + tasksIn(Stage.PARSE)) {
                saw(progress.urls().inFlight() + " leases were held, for " + connections + " fetches");
            }
            if (progress.outcomes().done() > progress.urls().discovered() || progress.urls().delayed() < 0) {
                saw("figures that cannot be: " + progress);
            }
            if (mayTake(progress) && progress.urls().ready() > 0) {
                saw("no worker took what was ready: " + progress);
            }
            if (mayTake(progress) && progress.urls().delayed() > 0) {
                crawl.hosts(Integer.MAX_VALUE)
                        .stream()
                        .filter(host -> host.readyIn().equals(Optional.of(Duration.ZERO)))
                        .forEach(host -> saw("no worker took what was ready: " + host));
            }
            long senders = tasksIn(Stage.SINK);
            if (!sink.isBusy() && senders > 0) {
                saw(senders + " workers wait to send, and the writer has nothing to write");
            }
        });
    }

    private void saw(String what) {
        seen.add("at " + clock.moment() + " " + what);
    }

    private boolean mayTake(CrawlProgress progress) {
        long busy = progress.urls().inFlight() + tasksIn(Stage.SINK);
        long unwritten = plan.sink().isTrouble() ? progress.resultsQueued() + 1 : 0; // one is in the writer's hand
        return busy < plan.job().concurrency()
                && progress.outcomes().ok() + unwritten + busy < plan.job().limits().maxPages()
                && plan.job().politeness().maxRequestsPerSecond() == CrawlPlan.UNLIMITED
                && progress.timing().deadlineLeft().isPositive()
                && sink.failedAt().isEmpty() && network.bug().isEmpty()
                && happened.stream().allMatch(one -> one.kind() == Intervention.Kind.LOOK);
    }

    /** Workers in a stage. On a slow machine a parse lets others run now and then. */
    private long tasksIn(Stage stage) {
        return crawl.tasks()
                .stream()
                .flatMap(SimulatedCrawl::all)
                .filter(task -> task.name().startsWith("worker-") && task.stage().equals(Optional.of(stage)))
                .count();
    }

    private static Stream<TaskSnapshot> all(TaskSnapshot node) {
        return Stream.concat(Stream.of(node), node.children().stream().flatMap(SimulatedCrawl::all));
    }

    private void intervene(Intervention intervention, Thread runner) {
        clock.passWhateverComes(intervention.at().toNanos());
        for (int i = 0; i < intervention.yields(); i++) {
            letOthersRun();
        }
        trace.say(() -> "does " + intervention.kind());
        happened.add(new Happened(intervention.kind(), clock.moment()));
        switch (intervention.kind()) {
            case DRAIN -> crawl.drain();
            case CANCEL -> crawl.cancel();
            case INTERRUPT -> runner.interrupt();
            case LOOK -> {
                crawl.tasks();
                crawl.progress();
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is ours: here a yield is a decision, not a hint
    private static void letOthersRun() {
        Thread.yield();
    }

    /** The report, which exists if the crawl ended at all. */
    Optional<CrawlReport> report() {
        return Optional.ofNullable(report);
    }

    Optional<Throwable> thrown() {
        return Optional.ofNullable(thrown);
    }

    Moment began() {
        return Objects.requireNonNull(began);
    }

    /** When {@code run} returned or threw. */
    Moment ended() {
        return Objects.requireNonNull(ended);
    }

    /** The crawl's threads that lived when {@code run} returned. */
    List<String> aliveAtTheEnd() {
        return aliveAtTheEnd;
    }

    /** The first intervention of this kind. */
    Optional<Moment> first(Intervention.Kind kind) {
        return happened.stream().filter(one -> one.kind() == kind).map(Happened::at).findFirst();
    }

    /** Whether the sink was given everything. */
    boolean isComplete() {
        return report().filter(ended -> ended.leakCheck().undeliveredResults() == 0).isPresent();
    }
}
