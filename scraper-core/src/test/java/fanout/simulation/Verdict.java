package fanout.simulation;

import fanout.simulation.Plan.Intervention.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a run is judged by: the network's log, the sink's records, the threads and the clock, and last the report, which must say
 * the same. Empty if all is well.
 */
final class Verdict {

    private final List<String> complaints = new ArrayList<>();

    private Verdict() {}

    /** The verdict on a run. A crawl that does not end is not judged by anything else. */
    static Verdict on(Simulation run) {
        Verdict verdict = new Verdict();
        if (run.end() != End.ALL_ENDED) {
            verdict.complain(() -> run.end() + ", with\n" + run.threads.stacks());
            run.threads.close();
            return verdict;
        }
        run.seen.forEach(one -> verdict.complain(() -> one));
        verdict.expect(!run.threads.wasALockHeldByASleeper(), () -> "somebody slept with a lock in its hand");
        verdict.nothingIsLeft(run);
        if (run.report().isPresent()) {
            new Books(run, verdict).check();
            new Manners(run, verdict).check();
            new Punctuality(run, verdict).check();
        } else {
            verdict.complain(() -> "no report, but " + run.thrown());
        }
        return verdict;
    }

    private void nothingIsLeft(Simulation run) {
        expect(run.aliveAtTheEnd().isEmpty(), () -> "run() has returned, and there live " + run.aliveAtTheEnd());
        expect(run.network.activeConnections() == 0, () -> "open connections: " + run.network.activeConnections());
        List<Visit> held = run.network.visits().stream().filter(visit -> visit.isHeld).toList();
        expect(held.isEmpty(), () -> "bodies in memory, with the crawl over: " + held);
        expect(run.network.closings() == 1, () -> "the network was closed " + run.network.closings() + " times");
        expect(run.sink.closings() == 0, () -> "the crawl has closed the caller's sink");
        Optional<Throwable> bug = run.thrown().filter(thrown -> !(thrown instanceof InterruptedException));
        expect(bug.isEmpty(), () -> "run() has thrown " + bug);
        boolean interrupted = run.thrown().isPresent();
        Optional<Moment> interrupt = run.first(Kind.INTERRUPT);
        expect(!interrupted || interrupt.isPresent(), () -> "interrupted by nobody");
        expect(interrupted || interrupt.isEmpty() || !run.ended().isSettledAfter(interrupt.get()),
                () -> "the interrupt at " + interrupt + " was swallowed");
        run.report().ifPresent(report -> expect(report.leakCheck().isClean(), () -> "left: " + report.leakCheck()));
    }

    /** Complains unless this holds. */
    void expect(boolean holds, Supplier<String> complaint) {
        if (!holds) {
            complain(complaint);
        }
    }

    private void complain(Supplier<String> complaint) {
        complaints.add(complaint.get());
    }

    List<String> complaints() {
        return complaints;
    }

    boolean isGood() {
        return complaints.isEmpty();
    }
}
