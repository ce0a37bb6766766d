package fanout.fetch;

import fanout.task.Stage;

/** How an attempt proceeds. Called on the thread that fetches; must not block or throw. */
public interface FetchListener {

    /** A stage begins, and with it the one before has ended. */
    void entered(Stage stage);

    /**
     * The request's last byte was handed to the operating system.
     *
     * @param nanos when, in {@link fanout.task.Ticker#nanos}
     */
    void requestWritten(long nanos);
}
