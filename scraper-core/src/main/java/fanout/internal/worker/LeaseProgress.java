package fanout.internal.worker;

import fanout.internal.fetch.FetchListener;
import fanout.internal.frontier.Lease;
import fanout.internal.task.Deadline;
import fanout.internal.task.TaskTree;
import fanout.outcome.CrawlListener;
import fanout.outcome.Stage;
import fanout.page.Attempt;
import fanout.page.OpenSession;

/**
 * Where a worker is with its lease: what the fetcher and the parser report, for the task tree, for the frontier,
 * for the crawl's listener, and for the outcome of an attempt that is cancelled. Confined to the worker.
 */
final class LeaseProgress implements FetchListener {

    private final Lease lease;
    private final TaskTree.Node node;
    private final CrawlListener listener;
    private Stage stage = Stage.DNS;

    LeaseProgress(Lease lease, TaskTree.Node node, CrawlListener listener) {
        this.lease = lease;
        this.node = node;
        this.listener = listener;
    }

    /** A stage begins under the current deadline. */
    void entered(Stage next) {
        entered(next, Deadline.current());
    }

    @Override
    public void entered(Stage next, Deadline until) {
        stage = next;
        node.doing(next, lease.work().url(), until);
        listener.entered(lease.work().url(), next);
    }

    /** Returns the session under which to ask. */
    OpenSession session() {
        return lease.session();
    }

    void attempted(Attempt attempt) {
        listener.attempted(lease.work().url(), attempt);
    }

    @Override
    public void requestWritten(long nanos) {
        lease.written(nanos);
    }

    Stage stage() {
        return stage;
    }
}
