package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.report.FinishReason;
import fanout.simulation.Intervention.Happened;
import fanout.simulation.Intervention.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether the crawl ended when it had to. "At once" is exact: the clock stood still until it was done. What slipped by
 * while some thread could run does not count.
 */
final class Punctuality {

    /** Between two looks of crawls that take turns, and what a date in a Retry-After is rounded by. */
    private static final long SLACK = Duration.ofSeconds(1).toNanos();
    /** Of several crawls at a host that is ready, each lets those before it go first for so long. */
    private static final long TURN = Duration.ofMillis(2).toNanos();

    private final Simulation simulation;
    private final SimulatedCrawl run;
    private final List<Visit> visits;
    private final Judgement judgement;
    private final CrawlJob job;

    Punctuality(Simulation simulation, SimulatedCrawl run, Judgement judgement) {
        this.simulation = simulation;
        this.run = run;
        this.visits = simulation.log.visits(run.plan);
        this.judgement = judgement;
        this.job = run.plan.job();
    }

    void check() {
        long deadline = run.began().time() + job.limits().maxDuration().toNanos();
        List<Moment> stops = Stream.of(run.first(Kind.CANCEL), run.first(Kind.INTERRUPT), run.sink.failedAt(),
                run.network.bug()).flatMap(Optional::stream).toList();
        long parting = run.plan.weather().parting().toNanos();
        long untouched = stops.stream().mapToLong(Moment::time).reduce(deadline, Math::min);
        for (Visit visit : visits) {
            judgement.expect(!visit.end().isSettledAfter(deadline + parting),
                    () -> visit + "\n    went on after the deadline at " + Trace.seconds(deadline));
            judgement.expect(stops.stream().noneMatch(stop -> visit.end().isSettledAfter(stop.plus(parting))),
                    () -> visit + "\n    went on after the end at " + stops);
            judgement.expect(
                    !visit.end().isSettledAfter(visit.began.plus(job.limits().requestTimeout().toNanos() + parting)),
                    () -> visit + "\n    took until " + visit.ended);
            judgement.expect(!visit.interrupted || visit.end().time() >= untouched,
                    () -> visit + "\n    was interrupted for no reason");
            givenUp(visit, untouched);
        }
        Moment ended = run.ended();
        long patience = parting + (run.sink.isSlow() ? job.flushTimeout().toNanos() : 0);
        judgement.expect(!ended.isSettledAfter(deadline + patience), () -> "over at " + ended + ", after the deadline");
        judgement.expect(stops.stream().noneMatch(stop -> ended.isSettledAfter(sinceBegin(stop).plus(patience))),
                () -> "over at " + ended + ", long after " + stops);
        run.first(Kind.DRAIN).ifPresent(this::drained);
        atOnce(deadline);
    }

    /** A connection ends when the crawl does, before its thread is interrupted; and not for any other reason. */
    private void givenUp(Visit visit, long untouched) {
        judgement.expect(visit.givenUp.isEmpty() || visit.givenUp.get().time() >= untouched,
                () -> visit + "\n    was given up for no reason, at " + visit.givenUp);
        boolean guardIsInterruptedToo = Stream.of(run.first(Kind.INTERRUPT), run.network.bug())
                .flatMap(Optional::stream)
                .anyMatch(moment -> moment.time() <= visit.end().time());
        judgement.expect(
                !visit.interrupted || guardIsInterruptedToo || visit.beganTooLate || visit.givenUp.isPresent(),
                () -> visit + "\n    was interrupted before its connection was ended");
    }

    /** A crawl that was ended before it began ends when it begins. */
    private Moment sinceBegin(Moment stop) {
        return Moment.later(stop, run.began());
    }

    private void drained(Moment drain) {
        for (Visit visit : visits) {
            judgement.expect(!visit.began.isSettledAfter(drain),
                    () -> visit + "\n    began after the drain at " + drain);
        }
        Moment latest = sinceBegin(drain).plus(job.limits().requestTimeout().toNanos());
        judgement.expect(run.sink.isSlow() || !run.ended().isSettledAfter(latest),
                () -> "drained at " + drain + ", over at " + run.ended());
    }

    /** A crawl ends with the last thing that happens to it, not some time later. */
    private void atOnce(long deadline) {
        Moment ended = run.ended();
        boolean outOfTime = run.report().orElseThrow().finishReason() == FinishReason.MAX_DURATION;
        Moment last = (outOfTime ? simulation.crawls.stream() : Stream.of(run))
                .flatMap(this::happenings)
                .filter(moment -> moment.time() <= ended.time())
                .reduce(run.began(), Moment::later);
        // one that would come too late may be seen when it is offered
        long lastTurns = (simulation.crawls.size() - 1) * TURN;
        boolean atDeadline = outOfTime && ended.time() >= deadline - lastTurns;
        judgement.expect(atDeadline || run.sink.isSlow() || !ended.isSettledAfter(last),
                () -> "nothing happened after " + last + ", and it was over at " + ended);
        long longest = longestReadyTime(ended);
        judgement.expect(!outOfTime || deadline - ended.time() <= longest,
                () -> "out of time, with " + Trace.seconds(deadline - ended.time()) + " left, and no wait longer than "
                        + Trace.seconds(longest));
        long underWay = simulation.crawls.stream() // at a host, or with its robots.txt, for which this one waits
                .filter(other -> other != run)
                .mapToLong(other -> other.plan.job().limits().requestTimeout().toNanos())
                .max()
                .orElse(0);
        judgement.expect(!atDeadline || run.sink.isSlow() || deadline - last.time() <= longest + underWay,
                () -> "nothing happened after " + last + ", and it went on until its deadline");
    }

    /** The longest that anything may have to wait after what has happened to a crawl until then. */
    private long longestReadyTime(Moment until) {
        return simulation.crawls.stream()
                .mapToLong(crawl -> longestReadyTime(crawl, until))
                .max()
                .orElseThrow() + SLACK;
    }

    private long longestReadyTime(SimulatedCrawl crawl, Moment until) {
        CrawlJob its = crawl.plan.job();
        List<Visit> before =
                simulation.log.visits(crawl.plan).stream().filter(one -> one.began.time() <= until.time()).toList();
        Politeness politeness = its.politeness();
        Stream<Duration> delays = Stream.of(
                politeness.manners().autoThrottle() ? politeness.manners().maxDelay() : politeness.manners().delay(),
                before.stream()
                        .filter(Visit::isRobots)
                        .flatMap(one -> simulation.plan.web().crawlDelayOf(SimulatedWeb.hostOfRobots(one.url)).stream())
                        .map(asked -> Collections.min(List.of(asked, politeness.maxCrawlDelay())))
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO));
        Stream<Duration> failures = before.stream()
                .anyMatch(one -> one.failure.isPresent() || one.status == 408 || one.status == 429 || one.status >= 500)
                        ? Stream.of(its.retries().maxBackoff(), its.circuitBreaker().openFor())
                        : Stream.of();
        Stream<Duration> asked = before.stream()
                .flatMap(one -> one.retryAfter.stream())
                .filter(one -> one.compareTo(politeness.maxRetryAfter()) <= 0);
        return Stream.of(delays, failures, asked)
                .flatMap(Function.identity())
                .mapToLong(Duration::toNanos)
                .max()
                .orElseThrow();
    }

    /**
     * What may be the last thing that happens to a crawl. One that has time left and nothing to do before its deadline
     * is held up by a host, and so by what any crawl did there, or stopped doing.
     */
    private Stream<Moment> happenings(SimulatedCrawl crawl) {
        Stream<Moment> network = simulation.log.visits(crawl.plan)
                .stream()
                .flatMap(visit -> Stream.concat(Stream.of(visit.began, visit.end()), visit.written.stream()));
        Moment deadline = crawl.began().plus(crawl.plan.job().limits().maxDuration().toNanos());
        // A crawl leaves its hosts at its deadline, although its sink may take longer.
        Stream<Moment> left = crawl == run ? Stream.of()
                : Stream.of(crawl.ended(), deadline)
                        .filter(moment -> moment.time() <= crawl.ended().time());
        return Stream.of(network, left, crawl.happened.stream().map(Happened::at),
                Stream.of(crawl.began(), crawl.sink.lastFoundAt()), crawl.sink.failedAt().stream())
                .flatMap(Function.identity());
    }
}
