package fanout.simulation;

import fanout.TestRuntime;
import fanout.internal.frontier.Frontier;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run of the whole crawler under one seed: the production classes on {@link SimulatedThreads}, a
 * {@link SimulatedClock}, a {@link SimulatedNetwork} and a {@link SimulatedSink} for each crawl, and all that the
 * {@link Plan} lets happen to them. One at a time in a JVM.
 */
final class Simulation {

    /** Some hundred times what crawls of this size take. */
    private static final long MOST_STEPS = 400_000;
    /** Beyond this, and the longest job, no thread waits for anything. */
    private static final Duration MARGIN = Duration.ofHours(3);

    /** A simulation sees for itself what stands still, and needs no log of it. */
    private static final Duration NEVER = Duration.ofDays(10_000);

    final Plan plan;
    final Trace trace;
    final SimulatedThreads threads;
    final NetworkLog log = new NetworkLog();
    final List<SimulatedCrawl> crawls;
    private final Frontier.Group group;
    private @Nullable End end;

    private Simulation(Plan plan, Trace trace) {
        SplittableRandom chance = Dice.of(plan.seed(), "schedule", 0).random();
        this.plan = plan;
        this.trace = trace;
        SimulatedClock clock = new SimulatedClock(plan.machine(), chance.split(), plan.longest().plus(MARGIN));
        this.threads = new SimulatedThreads(chance, plan.choice(), clock, trace, this::look);
        this.group = new Frontier.Group(plan.limits().ruleBytes(), Long.MAX_VALUE, plan.limits().idleHosts());
        TestRuntime runtime = TestRuntime.simulated(clock, chance.split(), group).withStallAfter(NEVER);
        this.crawls = plan.crawls()
                .stream()
                .map(crawl -> new SimulatedCrawl(crawl, plan.web(), log, clock, threads, trace, runtime))
                .toList();
    }

    /** Runs a seed to its end, whatever that is. */
    static Simulation of(long seed, Trace trace) {
        Simulation simulation = new Simulation(Plan.of(seed), trace);
        simulation.run();
        return simulation;
    }

    private void run() {
        crawls.forEach(SimulatedCrawl::start);
        end = threads.run(MOST_STEPS);
        trace.mix(threads.steps());
        for (SimulatedCrawl crawl : crawls) {
            // As text: an enum's hash code differs from one JVM to the next.
            crawl.report()
                    .ifPresent(report -> trace
                            .mix(Objects.hash(report.accounting().toString(), report.timing().elapsed())));
        }
    }

    private void look() {
        crawls.forEach(SimulatedCrawl::look);
    }

    End end() {
        return Objects.requireNonNull(end);
    }

    /** What robots.txt rules take, of all crawls. */
    long ruleBytes() {
        return group.kept().ruleBytes();
    }
}
