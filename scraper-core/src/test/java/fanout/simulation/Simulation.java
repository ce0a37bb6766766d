package fanout.simulation;

import fanout.Crawl;
import fanout.TestRuntime;
import fanout.report.CrawlReport;
import fanout.task.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run of the whole crawler under one seed: the production classes on {@link SimulatedThreads}, a {@link SimulatedClock}, a
 * {@link SimulatedNetwork} and a {@link SimulatedSink}, and whatever the {@link Plan} lets happen to them. One at a time in a JVM.
 */
final class Simulation {

    /** Some hundred times what a crawl of this size takes. */
    private static final long MOST_STEPS = 400_000;
    /** Beyond this, and the longest job, nobody waits for anything. */
    private static final Duration MARGIN = Duration.ofHours(3);

    final Plan plan;
    final Trace trace;
    final SimulatedClock clock;
    final SimulatedThreads threads;
    final SimulatedNetwork network;
    final SimulatedSink sink;
    final List<Happened> happened = new ArrayList<>();
    /** What was wrong while all waited. */
    final List<String> seen = new ArrayList<>();
    private final Crawl crawl;
    private @Nullable CrawlReport report;
    private @Nullable Throwable thrown;
    private @Nullable Moment began;
    private @Nullable Moment ended;
    private @Nullable End end;
    private List<String> aliveAtTheEnd = List.of();

    /** An intervention, and when it came. */
    record Happened(Plan.Intervention.Kind kind, Moment at) {}

    private Simulation(Plan plan, Trace trace) {
        SplittableRandom chance = Dice.of(plan.seed(), "schedule", 0).random();
        this.plan = plan;
        this.trace = trace;
        this.clock = new SimulatedClock(plan.machine(), chance.split(), plan.job().limits().maxDuration().plus(MARGIN));
        this.threads = new SimulatedThreads(chance, plan.choice(), clock, trace, this::look);
        this.sink = new SimulatedSink(plan.sink(), clock, trace);
        this.network = new SimulatedNetwork(plan.web(), plan.weather(), clock, trace, sink::pages);
        this.crawl = TestRuntime.simulated(plan.job(), sink, clock, threads.factory(), network);
    }

    /** Runs a seed to its end, whatever that is. */
    static Simulation of(long seed, Trace trace) {
        VirtualThreads.seedMathRandom(seed);
        Simulation simulation = new Simulation(Plan.of(seed), trace);
        simulation.run();
        return simulation;
    }

    private void run() {
        Thread runner = threads.start("run", this::crawl);
        int number = 0;
        for (Plan.Intervention intervention : plan.interventions()) {
            threads.start("user-" + ++number, () -> intervene(intervention, runner));
        }
        end = threads.run(MOST_STEPS);
        trace.mix(threads.steps());
        trace.mix(Objects.hash(report == null ? null : report.accounting(), report == null ? null : report.elapsed()));
    }

    private void crawl() {
        began = clock.moment();
        try {
            report = crawl.run();
        } catch (Throwable e) { // a bug of any kind is for the verdict
            thrown = e;
            report = crawl.report().orElse(null);
        }
        ended = clock.moment();
        aliveAtTheEnd =
                threads.alive().stream().filter(name -> !name.startsWith("user-") && !name.equals("run")).toList();
        trace.say(() -> "the crawl is over: " + (thrown == null ? "" : thrown + " ") + report);
    }

    /** While all wait, every lease is a fetch under way, and nothing is ready that somebody is free to take. */
    private void look() {
        crawl.progress().ifPresent(progress -> {
            int connections = network.activeConnections();
            if (progress.inFlight() != connections && progress.inFlight() != connections + parsing()) {
                seen.add("at " + clock.moment() + " " + progress.inFlight() + " leases were held, for " + connections
                        + " fetches");
            }
            boolean mayTake = progress.inFlight() < plan.job().concurrency()
                    && progress.ok() + progress.inFlight() < plan.job().limits().maxPages()
                    && plan.job().politeness().maxRequestsPerSecond() == Plan.UNLIMITED
                    && progress.deadlineLeft().isPositive()
                    && !plan.sink().isTrouble() && network.bug().isEmpty()
                    && happened.stream().allMatch(one -> one.kind() == Plan.Intervention.Kind.LOOK);
            if (progress.done() > progress.discovered()) {
                seen.add("at " + clock.moment() + " more outcomes than URLs: " + progress);
            }
            if (mayTake && progress.ready() > 0) {
                seen.add("at " + clock.moment() + " nobody took what was ready: " + progress);
            }
        });
    }

    /** On a slow machine a parse lets others run now and then. */
    private long parsing() {
        return crawl.tasks().stream().filter(task -> task.stage() == Stage.PARSE).count();
    }

    private void intervene(Plan.Intervention intervention, Thread runner) {
        try {
            clock.pass(intervention.at().toNanos());
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts the user", e);
        }
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

    End end() {
        return Objects.requireNonNull(end);
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
    Optional<Moment> first(Plan.Intervention.Kind kind) {
        return happened.stream().filter(one -> one.kind() == kind).map(Happened::at).findFirst();
    }
}
