package fanout.internal.task;

import fanout.outcome.Stage;
import fanout.report.TaskSnapshot;
import fanout.report.TaskStanding;
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
 * The scopes of a crawl and the tasks in them: what each does, what it waits for, since when, and how much of its
 * deadline is left.
 *
 * <p>A task writes its own {@link Node} with one volatile write per change, and observers read immutable snapshots;
 * neither ever waits for the other. Thread-safe.
 */
public final class TaskTree {

    /** By name, but {@code worker-2} before {@code worker-10}. */
    private static final Comparator<TaskSnapshot> IN_ORDER = Comparator
            .comparing((TaskSnapshot node) -> node.name().replaceFirst("\\d+$", ""))
            .thenComparingInt(node -> node.name().length())
            .thenComparing(TaskSnapshot::name);

    private final Ticker ticker;
    private final Node root;

    /** A tree that has its outermost scope, under this name. */
    public TaskTree(String name, Ticker ticker) {
        this.ticker = ticker;
        this.root = new Node(name, null, null, new State(null, null, ticker.nanos(), null));
    }

    /** The outermost scope. */
    public Node root() {
        return root;
    }

    /** The tree at this moment. */
    public TaskSnapshot snapshot() {
        return root.snapshot(ticker.nanos());
    }

    /**
     * All tasks at this moment, and where their threads stand. For when something is wrong: it stops each thread for a
     * moment to read its stack.
     */
    public List<TaskStanding> standing() {
        List<TaskStanding> standing = new ArrayList<>();
        root.addStanding(ticker.nanos(), standing);
        standing.sort(Comparator.comparing(TaskStanding::task, IN_ORDER));
        return standing;
    }

    private record State(@Nullable Stage stage, @Nullable Object about, long since, @Nullable Deadline deadline) {}

    /** A scope's or task's own entry, for as long as it is open. A task's is written by that task only. */
    public final class Node implements AutoCloseable {

        private final String name;
        private final @Nullable Node parent;
        private final @Nullable Thread thread;
        private final Collection<Node> children = ConcurrentHashMap.newKeySet();
        private volatile State state;

        private Node(String name, @Nullable Node parent, @Nullable Thread thread, State state) {
            this.name = name;
            this.parent = parent;
            this.thread = thread;
            this.state = state;
        }

        /** Adds a scope within this one, whose tasks end at the deadline. */
        public Node scope(String scope, Deadline until) {
            return add(new Node(scope, this, null, new State(null, null, ticker.nanos(), until)));
        }

        /** Adds the calling thread's task to this scope. */
        public Node task(String task, Stage stage) {
            return add(new Node(task, this, Thread.currentThread(), new State(stage, null, ticker.nanos(), null)));
        }

        private Node add(Node child) {
            children.add(child);
            return child;
        }

        /** Says in which stage the task is from now on. */
        public void doing(Stage next) {
            state = new State(next, null, ticker.nanos(), null);
        }

        /** The same, for which URL (its {@code toString} is called by observers only), and until when at most. */
        public void doing(Stage next, Object url, Deadline until) {
            state = new State(next, url, ticker.nanos(), until);
        }

        private TaskSnapshot snapshot(long now) {
            State seen = state;
            List<TaskSnapshot> inside = children.stream().map(child -> child.snapshot(now)).sorted(IN_ORDER).toList();
            return new TaskSnapshot(name, Optional.ofNullable(seen.stage),
                    Optional.ofNullable(seen.about).map(Object::toString),
                    seen.stage == null ? inside.size() + " tasks" : seen.stage.waitsFor(),
                    Duration.ofNanos(Math.max(0, now - seen.since)),
                    Optional.ofNullable(seen.deadline).map(until -> Duration.ofNanos(until.atNanos() - now)), inside);
        }

        private void addStanding(long now, List<TaskStanding> standing) {
            if (thread != null) {
                standing.add(new TaskStanding(snapshot(now), thread.threadId(), thread.getState(),
                        Optional.ofNullable(LockSupport.getBlocker(thread)).map(TaskTree::typeOf),
                        List.of(thread.getStackTrace())));
            }
            children.forEach(child -> child.addStanding(now, standing));
        }

        @Override
        public void close() {
            if (parent != null) {
                parent.children.remove(this);
            }
        }
    }

    /** {@code CountDownLatch$Sync} says what {@code Sync} does not. */
    private static String typeOf(Object blocker) {
        String name = blocker.getClass().getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
