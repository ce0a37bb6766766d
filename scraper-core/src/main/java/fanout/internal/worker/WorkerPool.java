package fanout.internal.worker;

import fanout.internal.fetch.BodyFiles;
import fanout.internal.fetch.Fetcher;
import fanout.internal.frontier.Assignment;
import fanout.internal.frontier.Assignment.Decided;
import fanout.internal.frontier.Frontier;
import fanout.internal.frontier.Lease;
import fanout.internal.frontier.LeaseResult;
import fanout.internal.frontier.Source;
import fanout.internal.parse.PageParser;
import fanout.internal.task.Channel;
import fanout.internal.task.Deadline;
import fanout.internal.task.Sender;
import fanout.internal.task.Signal;
import fanout.internal.task.TaskScope;
import fanout.internal.task.TaskTree;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.outcome.CancelReason;
import fanout.outcome.CrawlListener;
import fanout.outcome.Outcome;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.page.RequestInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Offers the start URLs, opens the timed scope, starts N workers, joins N, sends what they left, closes the results:
 * the owner of the results channel's end.
 *
 * <p>The scope's guard waits for the job's deadline or for a reason to stop, whichever comes first, and then every
 * worker is interrupted. Whatever ended them, the frontier's leftovers are sent outside that scope, where no deadline
 * cuts them short.
 */
public final class WorkerPool {

    private final CrawlJob job;
    private final Frontier frontier;
    private final Fetcher fetcher;
    private final Channel<Step> results;
    private final Visits visits;
    private final Signal<CancelReason> stop;
    private final Deadline deadline;
    private final TaskTree tasks;
    private final Signal<Boolean> workersEnded;
    private final CrawlListener listener;
    private final Consumer<Outcome> undelivered;
    private final AtomicInteger busy = new AtomicInteger();
    /** What workers could not send: few, as the receiver that leaves has them interrupted. */
    private final Queue<Step> unsent = new ConcurrentLinkedQueue<>();

    /**
     * A pool that is run once.
     *
     * @param interceptors asked before each request for a page
     * @param files where bodies are kept; empty only if the job keeps none
     * @param results closed by this pool, after its last sender has ended
     * @param stop what cancels the workers before the deadline; set by this pool if a worker fails
     * @param listener told of the visits; must not block or throw
     * @param undelivered given each outcome that the receiver does not take any more
     */
    public WorkerPool(CrawlJob job, Frontier frontier, Fetcher fetcher, PageParser parser,
            List<RequestInterceptor> interceptors, Optional<BodyFiles> files, Channel<Step> results,
            Signal<CancelReason> stop, Deadline deadline,
            TaskTree tasks, Ticker ticker,
            CrawlListener listener, Consumer<Outcome> undelivered) {
        this.job = job;
        this.frontier = frontier;
        this.fetcher = fetcher;
        this.results = results;
        this.visits = new Visits(job, fetcher, parser, interceptors, files, ticker);
        this.stop = stop;
        this.deadline = deadline;
        this.tasks = tasks;
        this.workersEnded = new Signal<>(ticker);
        this.listener = listener;
        this.undelivered = undelivered;
    }

    /**
     * Crawls to the end, and closes the results.
     *
     * @param workers the scope to run the workers in
     * @throws InterruptedException if this thread was interrupted: the workers are cancelled and their leftovers sent
     *     as far as the receiver takes them
     * @throws fanout.internal.task.TaskFailedException if a worker failed
     */
    public void run(TaskScope workers) throws InterruptedException {
        try {
            offerStartUrls();
            runWorkers(workers);
        } finally {
            try {
                sendWhatIsLeft();
            } finally {
                results.close();
            }
        }
    }

    private void offerStartUrls() {
        try (Source start = frontier.openSource()) {
            job.start().urls().forEach(start::offer);
        }
    }

    private void runWorkers(TaskScope workers) throws InterruptedException {
        try (TaskTree.Node scope = tasks.root().scope("workers", deadline)) {
            List<TaskScope.Task> loops = new ArrayList<>(job.concurrency());
            for (int i = 1; i <= job.concurrency(); i++) {
                String name = "worker-" + i;
                loops.add(new TaskScope.Task(name, () -> work(name, scope)));
            }
            deadline.within(() -> {
                workers.run(loops, this::awaitStop, () -> stop.set(CancelReason.ABORTED));
                return true;
            });
        } finally {
            workersEnded.set(true);
        }
    }

    private void work(String name, TaskTree.Node scope) throws InterruptedException {
        try (TaskTree.Node node = scope.task(name, Stage.POLITENESS)) {
            new Worker(frontier, visits, results.sender(), unsent, this::whyCancelled, busy, listener).run(node);
        } catch (RuntimeException | Error e) {
            stop.set(CancelReason.ABORTED); // before the scope interrupts the others, which ask why
            throw e;
        }
    }

    /** The scope's guard. */
    private void awaitStop() throws InterruptedException {
        if (stop.await(deadline.remainingNanos()).isEmpty()) {
            stop.set(CancelReason.DEADLINE);
        }
        fetcher.giveUp();
    }

    private CancelReason whyCancelled() {
        return stop.reason().orElse(CancelReason.DEADLINE);
    }

    /** A crawl that drains says so of what it did not touch, even if its deadline then came first. */
    private CancelReason whyLeftOver() {
        if (frontier.isDraining()) {
            return CancelReason.INTERRUPTED;
        }
        return frontier.snapshot().loginFailure().isPresent() ? CancelReason.ABORTED : whyCancelled();
    }

    /**
     * Sends the workers' steps, and then the frontier's leftovers, batch by batch. The receiver drains the channel or
     * cancels it on every path, so no send waits for ever. Once the receiver has left, or this thread is interrupted,
     * the rest is counted.
     */
    private void sendWhatIsLeft() throws InterruptedException {
        Optional<Step> next = nextUnsent();
        try {
            while (next.isPresent() && results.sender().send(next.get())) {
                next = nextUnsent();
            }
        } finally {
            while (next.isPresent()) {
                next.get().outcomes().forEach(undelivered);
                next = nextUnsent();
            }
        }
    }

    private Optional<Step> nextUnsent() {
        Step step = unsent.poll();
        return step == null ? frontier.leftovers(whyLeftOver()) : Optional.of(step);
    }

    /** Set when the last worker has ended, and with it the last network activity. */
    public Signal<Boolean> workersEnded() {
        return workersEnded;
    }

    /** Workers, busy or not. */
    public int size() {
        return job.concurrency();
    }

    /** Workers that are at work at this moment: with a lease, or sending what came of it. */
    public int busy() {
        return busy.get();
    }

    /**
     * The loop: take a lease, visit what it is for, finish it with the result, send the step that the frontier makes of
     * it, if any. Where the frontier has decided URLs by itself, there is a step to send and nothing to visit.
     *
     * <p>An interrupt ends it. Nothing in its hands is lost then: a lease is finished as cancelled, and a step that
     * could not be sent is left with the pool, which sends it when the workers are gone.
     */
    private static final class Worker {

        private final Frontier frontier;
        private final Visits visits;
        private final Sender<Step> results;
        private final Queue<Step> unsent;
        private final Supplier<CancelReason> whyCancelled;
        private final AtomicInteger busy;
        private final CrawlListener listener;

        Worker(Frontier frontier, Visits visits, Sender<Step> results, Queue<Step> unsent,
                Supplier<CancelReason> whyCancelled, AtomicInteger busy, CrawlListener listener) {
            this.frontier = frontier;
            this.visits = visits;
            this.results = results;
            this.unsent = unsent;
            this.whyCancelled = whyCancelled;
            this.busy = busy;
            this.listener = listener;
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
            LeaseProgress progress = new LeaseProgress(lease, node, listener);
            try {
                LeaseResult result = visits.visit(lease.work(), progress);
                lease.screen(result);
                return lease.finish(result);
            } catch (InterruptedException e) {
                lease.finish(Visits.cancelled(lease.work(), whyCancelled.get(), progress.stage()))
                        .ifPresent(unsent::add);
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
}
