package fanout.simulation;

import fanout.simulation.Intervention.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a run is judged by: the network's log, the sinks' records, the threads and the clock, and last the reports,
 * which must say the same. Empty if all is well.
 */
final class Judgement {

    private final List<String> complaints;
    private final String about;

    private Judgement(List<String> complaints, String about) {
        this.complaints = complaints;
        this.about = about;
    }

    /** The judgement on a run. If it does not end, nothing else is judged. */
    static Judgement on(Simulation run) {
        Judgement judgement = new Judgement(new ArrayList<>(), "");
        if (run.end() != End.ALL_ENDED) {
            judgement.complain(() -> run.end() + ", with\n" + run.threads.stacks());
            run.threads.close();
            return judgement;
        }
        judgement.expect(!run.threads.wasALockHeldByASleeper(), () -> "a thread slept while it held a lock");
        judgement.expect(run.ruleBytes() == 0, () -> run.ruleBytes() + " bytes of robots.txt rules are left");
        List<Visit> held = run.log.visits().stream().filter(visit -> visit.isHeld).toList();
        judgement.expect(held.isEmpty(), () -> "bodies in memory, with the crawls over: " + held);
        run.crawls.forEach(crawl -> judgement.about(crawl, run).crawl(crawl, run));
        new HostManners(run, judgement).check();
        new Turns(run, judgement).check();
        return judgement;
    }

    /** The same, for complaints about one of several crawls. */
    private Judgement about(SimulatedCrawl crawl, Simulation run) {
        return run.crawls.size() == 1 ? this
                : new Judgement(complaints, "crawl " + crawl.plan.number() + ": ");
    }

    private void crawl(SimulatedCrawl crawl, Simulation run) {
        nothingIsLeft(crawl);
        crawl.seen.forEach(one -> complain(() -> one));
        if (crawl.report().isPresent()) {
            new Books(run, crawl, this).check();
            new Replay(crawl, this).check();
            new Manners(run, crawl, this).check();
            new Repetitions(run, crawl, this).check();
            new Priorities(run, crawl, this).check();
            new Punctuality(run, crawl, this).check();
        } else {
            complain(() -> "no report, but " + crawl.thrown());
        }
    }

    private void nothingIsLeft(SimulatedCrawl crawl) {
        expect(crawl.aliveAtTheEnd().isEmpty(), () -> "run() has returned, and there live " + crawl.aliveAtTheEnd());
        int connections = crawl.network.activeConnections();
        expect(connections == 0, () -> "open connections: " + connections);
        int closings = crawl.network.closings();
        expect(closings == 1, () -> "the network was closed " + closings + " times");
        expect(crawl.sink.closings() == 0, () -> "the crawl has closed the caller's sink");
        Optional<Throwable> bug = crawl.thrown().filter(thrown -> !(thrown instanceof InterruptedException));
        expect(bug.isEmpty(), () -> "run() has thrown " + bug);
        boolean interrupted = crawl.thrown().isPresent();
        Optional<Moment> interrupt = crawl.first(Kind.INTERRUPT);
        expect(!interrupted || interrupt.isPresent(), () -> "interrupted, and not by the user");
        expect(interrupted || interrupt.isEmpty() || !crawl.ended().isSettledAfter(interrupt.get()),
                () -> "the interrupt at " + interrupt + " was swallowed");
        crawl.report().ifPresent(report -> expect(report.leakCheck().isClean(), () -> "left: " + report.leakCheck()));
    }

    /** Complains unless this holds. */
    void expect(boolean holds, Supplier<String> complaint) {
        if (!holds) {
            complain(complaint);
        }
    }

    private void complain(Supplier<String> complaint) {
        complaints.add(about + complaint.get());
    }

    List<String> complaints() {
        return complaints;
    }

    boolean isGood() {
        return complaints.isEmpty();
    }
}
