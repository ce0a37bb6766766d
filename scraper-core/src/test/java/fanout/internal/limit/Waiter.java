package fanout.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A thread that asks for room, and shows whether it waits. */
public final class Waiter {

    private final AtomicReference<@Nullable Object> end = new AtomicReference<>();
    private final Thread thread;

    private Waiter(Callable<?> asking) {
        thread = Thread.ofVirtual().start(() -> {
            try {
                end.set(asking.call());
            } catch (Exception e) {
                end.set(e.getClass().getSimpleName());
            }
        });
    }

    /** Starts to ask, and has to wait: of all that these threads do, only that is timed. */
    public static Waiter waiting(Callable<?> asking) {
        Waiter waiter = new Waiter(asking);
        await().until(() -> waiter.thread.getState() == Thread.State.TIMED_WAITING);
        return waiter;
    }

    public boolean isWaiting() {
        return thread.isAlive();
    }

    public void interrupt() {
        thread.interrupt();
    }

    /** What the call returned, or the simple name of what it threw. */
    public Object end() throws InterruptedException {
        assertThat(thread.join(Duration.ofSeconds(20))).as("ends").isTrue();
        return assertThat(end.get()).isNotNull().actual();
    }
}
