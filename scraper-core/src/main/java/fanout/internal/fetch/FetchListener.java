package fanout.internal.fetch;

import fanout.internal.task.StageListener;

/** How an attempt proceeds. Called on the thread that fetches; must not block or throw. */
public interface FetchListener extends StageListener {

    /**
     * The request's last byte was handed to the operating system.
     *
     * @param nanos when, in {@link fanout.internal.task.Ticker#nanos}
     */
    void requestWritten(long nanos);
}
