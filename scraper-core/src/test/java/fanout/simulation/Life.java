package fanout.simulation;

import fanout.Crawl;
import fanout.TestRuntime;
import fanout.internal.fetch.Fetcher;
import fanout.internal.frontier.Frontier;
import fanout.job.CrawlJob;
import fanout.journal.Journal;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.simulation.Plan.SharedLimits;
import fanout.simulation.SimulatedClock.Machine;
import fanout.sink.ItemsFile;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.Sink;
import fanout.sink.Tee;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One process of a {@link Resumption}: from its start until it ends, is told to end, or dies. Confined to the
 * simulation.
 */
final class Life {

    static final String PAGES = "pages";
    static final String ITEMS = "items";

    private static final long MOST_STEPS = 400_000;
    private static final Duration MARGIN = Duration.ofHours(3);
    private static final long SLOWEST_PARSE = Duration.ofMillis(200).toNanos();
    private static final Duration NEVER = Duration.ofDays(10_000);

    /**
     * What becomes of it.
     *
     * @param call of the disk in which the power goes
     * @param at when the power goes, or the crawl is drained
     * @param space that its journal and the lines to come may take
     */
    record Fate(long call, Optional<Duration> at, boolean isDrained, long space) {

        static final Fate OLD_AGE = new Fate(Long.MAX_VALUE, Optional.empty(), false, Long.MAX_VALUE);
    }

    /**
     * Where a life is lived.
     *
     * @param network what the process asks, on its clock
     * @param program what it is made of besides the usual
     */
    record Place(
            Machine machine,
            Choice choice,
            SharedLimits limits,
            Function<SimulatedClock, Fetcher> network,
            UnaryOperator<TestRuntime> program) {

        /** That of a plan's machine and web. */
        static Place of(Plan plan, CrawlPlan crawlPlan, NetworkLog log, Trace trace) {
            return new Place(plan.machine(), plan.choice(), plan.limits(),
                    clock -> new SimulatedNetwork(crawlPlan, plan.web(), log, clock, trace, () -> 0),
                    UnaryOperator.identity());
        }
    }

    final CrawlJob job;
    final long began;
    /** Visits before its own. */
    final List<Visit> earlier;
    /** Its own. */
    final List<Visit> visits = new ArrayList<>();
    private final NetworkLog log;
    private final Fate fate;
    private final SimulatedDisk disk;
    private final SimulatedClock clock;
    private final SimulatedThreads threads;
    private final MortalNetwork network;
    private final TestRuntime runtime;
    private final Trace trace;
    private final SimulatedDisk.Bounds space;
    private @Nullable Crawl crawl;
    private @Nullable CrawlReport report;
    private @Nullable Throwable thrown;
    private long ended;
    private @Nullable End end;

    Life(Place place, CrawlJob job, Fate fate, long began, SimulatedDisk disk, NetworkLog log, Trace trace,
            Dice dice) {
        SplittableRandom chance = dice.random().split();
        this.job = job;
        this.began = began;
        this.log = log;
        this.earlier = List.copyOf(log.visits());
        this.fate = fate;
        this.disk = disk;
        this.trace = trace;
        this.clock = new SimulatedClock(place.machine(), chance.split(), MARGIN.multipliedBy(50));
        clock.startAt(began);
        this.space = new SimulatedDisk.Bounds(fate.space, clock::time);
        this.threads = new SimulatedThreads(chance, place.choice(), clock, trace, () -> {});
        Frontier.Group group =
                new Frontier.Group(place.limits().ruleBytes(), Long.MAX_VALUE, place.limits().idleHosts());
        this.network = new MortalNetwork(place.network().apply(clock), log);
        this.runtime = place.program()
                .apply(TestRuntime.simulated(clock, chance.split(), group))
                .withStallAfter(NEVER)
                .withThreads(threads.factory(1), threads.factory(1))
                .withNetwork(network);
        long slowest = Duration.ofMillis(dice.oneOf(0, 1, 20)).toNanos();
        disk.powerOn(fate.call, this::die, () -> clock.passWhateverComes(chance.nextLong(slowest + 1)));
    }

    void live() {
        threads.start("process", this::run);
        fate.at.ifPresent(at -> threads.start("fate", () -> {
            clock.passWhateverComes(at.toNanos());
            meet();
        }));
        end = threads.run(MOST_STEPS);
        network.bury();
        visits.addAll(log.visits().subList(earlier.size(), log.visits().size()));
    }

    private void meet() {
        if (fate.isDrained && crawl != null) {
            crawl.drain();
        } else if (!fate.isDrained && end == null && report == null) {
            disk.cutPower();
        }
    }

    private void die() {
        trace.say(() -> "the power is cut");
        ended = clock.time();
        network.die();
        if (crawl != null) {
            crawl.cancel();
        }
    }

    private void run() {
        try (Journal journal = disk.volume(space).resume();
                Sink sink = Tee.of(List.of(PagesFile.jsonLines(OutputFile.resume(disk.open(PAGES), PAGES)),
                        ItemsFile.jsonLines(OutputFile.resume(disk.open(ITEMS), ITEMS))))) {
            Crawl made = runtime.newCrawl(job, sink, journal);
            crawl = made;
            if (!disk.isOff()) {
                CrawlReport result = made.run();
                report = disk.isOff() ? null : result;
                trace.say(() -> "the crawl is over: " + result);
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) { // judged later
            thrown = e;
        }
        if (!disk.isOff()) {
            ended = clock.time();
        }
    }

    End end() {
        return Objects.requireNonNull(end);
    }

    String stacks() {
        return threads.stacks();
    }

    void abandon() {
        threads.close();
    }

    boolean died() {
        return network.isDead();
    }

    /** When its space was spent; the end of time if it never was. */
    long spentAt() {
        return space.spentAt();
    }

    /** When it ended, or died. */
    long ended() {
        return ended;
    }

    /** The report of a crawl that has ended before the process died, if it did. */
    Optional<CrawlReport> report() {
        return Optional.ofNullable(report);
    }

    /**
     * Whether its deadline had passed, or did before a slow machine could parse a page: such a page is cancelled. A
     * life that was drained just before its deadline, and took until after it to close its files, is excused as well.
     */
    boolean wasOutOfTimeAt(long time) {
        long deadline = began + job.limits().maxDuration().toNanos();
        return time >= deadline - SLOWEST_PARSE && time <= ended && ended >= deadline;
    }

    /** Whether nothing is left to do, and to go on with. */
    boolean isComplete() {
        return disk.bytes(SimulatedDisk.JOURNAL).length == 0
                && report().filter(last -> last.finishReason() == FinishReason.EXHAUSTED).isPresent();
    }

    Optional<Throwable> thrown() {
        return died() ? Optional.empty() : Optional.ofNullable(thrown);
    }
}
