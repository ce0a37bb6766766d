package fanout.app.sinks;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls to a driver that waits for its server where no interrupt reaches it. The call runs on a virtual thread, whose
 * sockets end with an interrupt, and is given up when its time is over; the thread is waited for. Only one that looks
 * up a name may outlive the call, for the seconds that this takes. Stateless.
 */
final class InterruptibleCall {

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    /** SQL's state for a connection that fails, which a call is after its time. */
    private static final String CONNECTION_FAILURE = "08006";

    private InterruptibleCall() {}

    /**
     * Returns what the call returns.
     *
     * @param name of the thread
     * @throws InterruptedIOException if the caller is interrupted, which it still is then
     */
    static <T> T within(Duration atMost, String name, Callable<T> call) throws IOException, SQLException {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = Thread.ofVirtual().name(name).start(task);
        try {
            return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            end(task, thread);
            throw new SQLException("no answer within " + atMost.toMillis() + " ms", CONNECTION_FAILURE, e);
        } catch (InterruptedException e) {
            end(task, thread);
            Thread.currentThread().interrupt();
            InterruptedIOException interruption = new InterruptedIOException("interrupted");
            interruption.initCause(e);
            throw interruption;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException sql -> throw sql;
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException("the call has failed", e.getCause());
            }
        }
    }

    private static void end(FutureTask<?> task, Thread thread) {
        task.cancel(true);
        try {
            thread.join(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the thread was interrupted, too, and ends by itself
        }
    }
}
