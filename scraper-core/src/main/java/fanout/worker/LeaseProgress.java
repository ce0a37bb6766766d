package fanout.worker;

import fanout.fetch.FetchListener;
import fanout.frontier.Lease;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.TaskTree;

/**
 * Where a worker is with its lease: what the fetcher and the parser report, for the task tree, for the frontier, and for the
 * outcome of an attempt that is cancelled. Confined to the worker.
 */
final class LeaseProgress implements FetchListener {

    private final Lease lease;
    private final TaskTree.Node node;
    private Stage stage = Stage.DNS;

    LeaseProgress(Lease lease, TaskTree.Node node) {
        this.lease = lease;
        this.node = node;
    }

    /** A stage begins under the current deadline. */
    void entered(Stage next) {
        entered(next, Deadline.current());
    }

    @Override
    public void entered(Stage next, Deadline until) {
        stage = next;
        node.doing(next, lease.work().url(), until);
    }

    @Override
    public void requestWritten(long nanos) {
        lease.written(nanos);
    }

    Stage stage() {
        return stage;
    }
}
