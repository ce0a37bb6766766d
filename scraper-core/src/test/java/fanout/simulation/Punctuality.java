package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.page.FinishReason;
import fanout.simulation.Plan.Intervention.Kind;
import java.time.Duration;
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
        silentAfter("the deadline", deadline);
        Optional<Long> stopped = Stream.of(run.first(Kind.CANCEL), run.first(Kind.INTERRUPT), run.sink.failedAt(),
                run.network.bug())
                .flatMap(Optional::stream)
                .map(Moment::settled)
                .min(Long::compare);
        stopped.ifPresent(moment -> silentAfter("the end", moment));
        long patience = run.sink.isSlow() ? job.flushTimeout().toNanos() : 0;
        long latest = Math.min(deadline, stopped.orElse(Long.MAX_VALUE)) + patience;
        verdict.expect(run.ended().settled() <= Math.max(latest, run.began().settled()),
                () -> "over at " + run.ended() + ", not at " + Trace.seconds(latest));
        run.first(Kind.DRAIN).ifPresent(this::drained);
        long untouched = Math.min(deadline, stopped.orElse(Long.MAX_VALUE));
        for (Visit visit : run.network.visits()) {
            verdict.expect(visit.end().settled() - visit.began.settled() <= job.limits().requestTimeout().toNanos(),
                    () -> visit + "\n    took until " + visit.ended);
            verdict.expect(!visit.interrupted || visit.end().time() >= untouched,
                    () -> visit + "\n    was interrupted for no reason");
        }
        atOnce(deadline);
    }

    /** A crawl ends with the last thing that happens to it, not some time later. */
    private void atOnce(long deadline) {
        Moment ended = run.ended();
        boolean forTime =
                ended.time() >= deadline && run.report().orElseThrow().finishReason() == FinishReason.MAX_DURATION;
        long last = Stream.of(run.network.visits().stream().map(Visit::end),
                run.happened.stream().map(Simulation.Happened::at),
                Stream.of(run.began(), run.sink.lastFoundAt()),
                run.sink.failedAt().stream())
                .flatMap(Function.identity())
                .filter(moment -> moment.time() <= ended.time())
                .mapToLong(Moment::settled)
                .max()
                .orElseThrow();
        verdict.expect(forTime || run.sink.isSlow() || ended.settled() <= last,
                () -> "nothing happened after " + Trace.seconds(last) + ", and it was over at " + ended);
    }

    private void silentAfter(String what, long settled) {
        for (Visit visit : run.network.visits()) {
            verdict.expect(visit.end().settled() <= settled,
                    () -> visit + "\n    went on after " + what + " at " + Trace.seconds(settled));
        }
    }

    private void drained(Moment drain) {
        for (Visit visit : run.network.visits()) {
            verdict.expect(visit.began.settled() <= drain.settled(),
                    () -> visit + "\n    began after the drain at " + drain);
        }
        Duration longest = job.limits().requestTimeout();
        verdict.expect(run.sink.isSlow()
                || run.ended().settled() <= Math.max(drain.settled(), run.began().settled()) + longest.toNanos(),
                () -> "drained at " + drain + ", over at " + run.ended());
    }
}
