package fanout.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who is alive in a crawl, what each waits for, since when, and how much of its deadline is left.
 *
 * <p>A task writes its own {@link Node} with one volatile write per change, and observers read immutable snapshots; neither
 * ever waits for the other.
 */
public final class TaskTree {

    private final Ticker ticker;
    private final Collection<Node> nodes = ConcurrentHashMap.newKeySet();

    public TaskTree(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Adds the calling thread's task, for as long as the returned node is open. */
    public Node enter(String name, Stage stage) {
        Node node = new Node(name, stage);
        nodes.add(node);
        return node;
    }

    /** All tasks at this moment, by name. */
    public List<Snapshot> snapshot() {
        long now = ticker.nanos();
        List<Snapshot> snapshots = new ArrayList<>();
        for (Node node : nodes) {
            snapshots.add(node.snapshot(now));
        }
        snapshots.sort(Comparator.comparing(Snapshot::name));
        return snapshots;
    }

    /**
     * All tasks at this moment, by name, and where their threads stand. For when something is wrong: it stops each thread for
     * a moment to read its stack.
     */
    public List<Standing> standing() {
        long now = ticker.nanos();
        List<Standing> standing = new ArrayList<>();
        for (Node node : nodes) {
            Thread thread = node.thread;
            standing.add(new Standing(node.snapshot(now), thread.threadId(), thread.getState(),
                    Optional.ofNullable(LockSupport.getBlocker(thread)).map(TaskTree::name),
                    List.of(thread.getStackTrace())));
        }
        standing.sort(Comparator.comparing(each -> each.task().name()));
        return standing;
    }

    /** {@code CountDownLatch$Sync} says what {@code Sync} does not. */
    private static String name(Object blocker) {
        String name = blocker.getClass().getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /**
     * A task as an observer saw it.
     *
     * @param stage what it does or waits for
     * @param about the URL it does so for, if there is one
     * @param since how long it has done so
     * @param deadlineLeft until its nearest deadline of its own; negative if that has passed
     */
    public record Snapshot(
            String name,
            Stage stage,
            Optional<String> about,
            Duration since,
            Optional<Duration> deadlineLeft) {}

    /**
     * A task, and where its thread stands.
     *
     * @param threadId as {@link Thread#threadId}
     * @param state waiting, blocked, or running
     * @param blocker the type of what it is parked on, if it is and that is known
     * @param stack the innermost frame first; of a virtual thread that is being mounted it may be empty
     */
    public record Standing(
            Snapshot task,
            long threadId,
            Thread.State state,
            Optional<String> blocker,
            List<StackTraceElement> stack) {

        public Standing {
            stack = List.copyOf(stack);
        }
    }

    private record State(Stage stage, @Nullable Object about, long since, @Nullable Deadline deadline) {}

    /** A task's own entry. Written by that task only. */
    public final class Node implements AutoCloseable {

        private final String name;
        private final Thread thread = Thread.currentThread();
        private volatile State state;

        private Node(String name, Stage stage) {
            this.name = name;
            this.state = new State(stage, null, ticker.nanos(), null);
        }

        private Snapshot snapshot(long now) {
            State seen = state;
            return new Snapshot(name, seen.stage, Optional.ofNullable(seen.about).map(Object::toString),
                    Duration.ofNanos(Math.max(0, now - seen.since)),
                    Optional.ofNullable(seen.deadline).map(until -> Duration.ofNanos(until.atNanos() - now)));
        }

        /** Says in which stage the task is from now on. */
        public void doing(Stage next) {
            state = new State(next, null, ticker.nanos(), null);
        }

        /** The same, for which URL (its {@code toString} is called by observers only), and until when at most. */
        public void doing(Stage next, Object url, Deadline until) {
            state = new State(next, url, ticker.nanos(), until);
        }

        @Override
        public void close() {
            nodes.remove(this);
        }
    }
}
