package fanout.worker;

import fanout.channel.Sender;
import fanout.frontier.Frontier;
import fanout.frontier.Lease;
import fanout.outcome.CancelReason;
import fanout.outcome.Outcome;
import fanout.task.Stage;
import fanout.task.TaskTree;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The loop: take, fetch, parse, send.
 *
 * <p>An interrupt ends it. What it had in its hands then is not lost: a lease is finished as cancelled, and outcomes that
 * could not be sent any more are left with the pool, which sends them when the workers are gone.
 */
final class Worker {

    private final Frontier frontier;
    private final Visits visits;
    private final Sender<Outcome> results;
    private final Queue<Outcome> unsent;
    private final Supplier<CancelReason> whyCancelled;
    private final AtomicInteger busy;

    Worker(Frontier frontier, Visits visits, Sender<Outcome> results, Queue<Outcome> unsent,
            Supplier<CancelReason> whyCancelled, AtomicInteger busy) {
        this.frontier = frontier;
        this.visits = visits;
        this.results = results;
        this.unsent = unsent;
        this.whyCancelled = whyCancelled;
        this.busy = busy;
    }

    /** Works until the frontier hands out nothing more. */
    void run(TaskTree.Node node) throws InterruptedException {
        while (true) {
            node.doing(Stage.POLITENESS);
            Optional<Lease> taken = frontier.take();
            if (taken.isEmpty()) {
                return;
            }
            busy.incrementAndGet();
            try (Lease lease = taken.get()) {
                send(work(lease, node), node);
            } finally {
                busy.decrementAndGet();
            }
        }
    }

    private List<Outcome> work(Lease lease, TaskTree.Node node) throws InterruptedException {
        LeaseProgress step = new LeaseProgress(lease, node);
        try {
            return lease.finish(visits.visit(lease.work(), step));
        } catch (InterruptedException e) {
            unsent.addAll(lease.finish(Visits.givenUp(lease.work(), whyCancelled.get(), step.stage())));
            throw e;
        }
    }

    private void send(List<Outcome> outcomes, TaskTree.Node node) throws InterruptedException {
        node.doing(Stage.SINK);
        int sent = 0;
        try {
            while (sent < outcomes.size() && results.send(outcomes.get(sent))) {
                sent++;
            }
        } finally {
            unsent.addAll(outcomes.subList(sent, outcomes.size()));
        }
    }
}
