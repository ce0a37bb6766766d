package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.report.FinishReason;
import fanout.simulation.Plan.Intervention.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether the crawl ended when it had to. "At once" is exact: the clock stood still for everybody until it was done. What slipped
 * by while somebody could run does not count.
 */
final class Punctuality {

    private final Simulation run;
    private final Verdict verdict;
    private final CrawlJob job;

    Punctuality(Simulation run, Verdict verdict) {
        this.run = run;
        this.verdict = verdict;
        this.job = run.plan.job();
    }

    void check() {
        long deadline = run.began().time() + job.limits().maxDuration().toNanos();
        List<Moment> stops = Stream.of(run.first(Kind.CANCEL), run.first(Kind.INTERRUPT), run.sink.failedAt(),
                run.network.bug()).flatMap(Optional::stream).toList();
        long parting = run.plan.weather().parting().toNanos();
        long untouched = stops.stream().mapToLong(Moment::time).reduce(deadline, Math::min);
        for (Visit visit : run.network.visits()) {
            verdict.expect(!visit.end().isSettledAfter(deadline + parting),
                    () -> visit + "\n    went on after the deadline at " + Trace.seconds(deadline));
            verdict.expect(stops.stream().noneMatch(stop -> visit.end().isSettledAfter(stop.plus(parting))),
                    () -> visit + "\n    went on after the end at " + stops);
            verdict.expect(
                    !visit.end().isSettledAfter(visit.began.plus(job.limits().requestTimeout().toNanos() + parting)),
                    () -> visit + "\n    took until " + visit.ended);
            verdict.expect(!visit.interrupted || visit.end().time() >= untouched,
                    () -> visit + "\n    was interrupted for no reason");
        }
        Moment ended = run.ended();
        long patience = parting + (run.sink.isSlow() ? job.flushTimeout().toNanos() : 0);
        verdict.expect(!ended.isSettledAfter(deadline + patience), () -> "over at " + ended + ", after the deadline");
        verdict.expect(stops.stream().noneMatch(stop -> ended.isSettledAfter(sinceBegin(stop).plus(patience))),
                () -> "over at " + ended + ", long after " + stops);
        run.first(Kind.DRAIN).ifPresent(this::drained);
        atOnce(deadline);
    }

    /** A crawl that was ended before it began ends when it begins. */
    private Moment sinceBegin(Moment stop) {
        return Moment.later(stop, run.began());
    }

    private void drained(Moment drain) {
        for (Visit visit : run.network.visits()) {
            verdict.expect(!visit.began.isSettledAfter(drain), () -> visit + "\n    began after the drain at " + drain);
        }
        Moment latest = sinceBegin(drain).plus(job.limits().requestTimeout().toNanos());
        verdict.expect(run.sink.isSlow() || !run.ended().isSettledAfter(latest),
                () -> "drained at " + drain + ", over at " + run.ended());
    }

    /** A crawl ends with the last thing that happens to it, not some time later. */
    private void atOnce(long deadline) {
        Moment ended = run.ended();
        boolean forTime =
                ended.time() >= deadline && run.report().orElseThrow().finishReason() == FinishReason.MAX_DURATION;
        Moment last = Stream.of(run.network.visits().stream().map(Visit::end),
                run.happened.stream().map(Simulation.Happened::at),
                Stream.of(run.began(), run.sink.lastFoundAt()),
                run.sink.failedAt().stream())
                .flatMap(Function.identity())
                .filter(moment -> moment.time() <= ended.time())
                .reduce(run.began(), Moment::later);
        verdict.expect(forTime || run.sink.isSlow() || !ended.isSettledAfter(last),
                () -> "nothing happened after " + last + ", and it was over at " + ended);
    }
}
