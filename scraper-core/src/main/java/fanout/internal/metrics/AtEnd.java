package fanout.internal.metrics;

/**
 * What is known only at the end of a crawl. Immutable.
 *
 * @param leakedTasks threads that it left behind
 * @param sinkFailures 1 if it failed by its sink
 * @param sinkDeadlines 1 if that was because what remained was not written in time
 */
record AtEnd(int leakedTasks, int sinkFailures, int sinkDeadlines) {

    /** Of a crawl that runs. */
    static final AtEnd NOT_YET = new AtEnd(0, 0, 0);
}
