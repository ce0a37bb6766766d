package fanout.worker;

import fanout.channel.Sender;
import fanout.frontier.Assignment;
import fanout.frontier.Assignment.Decided;
import fanout.frontier.Frontier;
import fanout.frontier.Lease;
import fanout.frontier.LeaseResult;
import fanout.outcome.CancelReason;
import fanout.outcome.Step;
import fanout.task.Stage;
import fanout.task.TaskTree;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The loop: take a lease, visit what it is for, finish it with the result, send the step that the frontier makes of it,
 * if any. Where the frontier has decided URLs by itself, there is a step to send and nothing to visit.
 *
 * <p>An interrupt ends it. Nothing in its hands is lost then: a lease is finished as cancelled, and a step that could
 * not be sent is left with the pool, which sends it when the workers are gone.
 */
final class Worker {

    private final Frontier frontier;
    private final Visits visits;
    private final Sender<Step> results;
    private final Queue<Step> unsent;
    private final Supplier<CancelReason> whyCancelled;
    private final AtomicInteger busy;

    Worker(Frontier frontier, Visits visits, Sender<Step> results, Queue<Step> unsent,
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
            Optional<Assignment> taken = frontier.take();
            if (taken.isEmpty()) {
                return;
            }
            busy.incrementAndGet();
            try (Assignment assignment = taken.get()) {
                Optional<Step> step = switch (assignment) {
                    case Lease lease -> work(lease, node);
                    case Decided decided -> Optional.of(decided.step());
                };
                if (step.isPresent()) {
                    send(step.get(), node);
                }
            } finally {
                busy.decrementAndGet();
            }
        }
    }

    private Optional<Step> work(Lease lease, TaskTree.Node node) throws InterruptedException {
        LeaseProgress progress = new LeaseProgress(lease, node);
        try {
            LeaseResult result = visits.visit(lease.work(), progress);
            lease.screen(result);
            return lease.finish(result);
        } catch (InterruptedException e) {
            lease.finish(Visits.cancelled(lease.work(), whyCancelled.get(), progress.stage())).ifPresent(unsent::add);
            throw e;
        }
    }

    private void send(Step step, TaskTree.Node node) throws InterruptedException {
        node.doing(Stage.SINK);
        boolean sent = false;
        try {
            sent = results.send(step);
        } finally {
            if (!sent) {
                unsent.add(step);
            }
        }
    }
}
