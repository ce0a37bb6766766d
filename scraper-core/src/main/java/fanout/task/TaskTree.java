package fanout.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
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

    /** Adds a task, for as long as the returned node is open. */
    public Node enter(String name) {
        Node node = new Node(name);
        nodes.add(node);
        return node;
    }

    /** All tasks at this moment, by name. */
    public List<Snapshot> snapshot() {
        long now = ticker.nanos();
        List<Snapshot> snapshots = new ArrayList<>();
        for (Node node : nodes) {
            State state = node.state;
            snapshots.add(new Snapshot(node.name, state.doing, Duration.ofNanos(Math.max(0, now - state.since)),
                    state.deadline == null ? Duration.ZERO : Duration.ofNanos(state.deadline.remainingNanos())));
        }
        snapshots.sort(Comparator.comparing(Snapshot::name));
        return snapshots;
    }

    /**
     * A task as an observer saw it.
     *
     * @param doing what it does or waits for, in words
     * @param since how long it has done so
     * @param deadlineLeft until its nearest deadline; zero if it has none, negative if that has passed
     */
    public record Snapshot(String name, String doing, Duration since, Duration deadlineLeft) {}

    private record State(String doing, long since, @Nullable Deadline deadline) {}

    /** A task's own entry. Written by that task only. */
    public final class Node implements AutoCloseable {

        private final String name;
        private volatile State state;

        private Node(String name) {
            this.name = name;
            this.state = new State("starting", ticker.nanos(), null);
        }

        /** Says what the task does from now on. */
        public void doing(String what, @Nullable Deadline until) {
            state = new State(what, ticker.nanos(), until);
        }

        @Override
        public void close() {
            nodes.remove(this);
        }
    }
}
