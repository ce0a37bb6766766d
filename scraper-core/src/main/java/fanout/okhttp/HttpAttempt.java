package fanout.okhttp;

import fanout.page.Attempt;
import fanout.socket.GuardedSocket;
import fanout.task.Ticker;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** One attempt: its call, its progress, the time it may take, and how it is given up. Confined to the fetching thread. */
final class HttpAttempt {

    private final AttemptProgress progress;
    private final AttemptTime time;
    private final Ticker ticker;
    private final Instant startedAt;
    private final long startedNanos;
    private @Nullable Call call;
    private boolean interruptTaken;

    /** An attempt that begins now. */
    HttpAttempt(AttemptProgress progress, AttemptTime time, Ticker ticker) {
        this.progress = progress;
        this.time = time;
        this.ticker = ticker;
        this.startedAt = ticker.now();
        this.startedNanos = ticker.nanos();
    }

    AttemptProgress progress() {
        return progress;
    }

    AttemptTime time() {
        return time;
    }

    /** Runs the part of the attempt that uses sockets. */
    <R, X extends Throwable> R run(ScopedValue.CallableOp<? extends R, X> action) throws X {
        return GuardedSocket.observedBy(progress, action);
    }

    /** The attempt's call, ready to be executed. */
    Call newCall(OkHttpClient client, Request.Builder request) {
        Call made = client.newCall(request.tag(AttemptProgress.class, progress).build());
        call = made;
        return made;
    }

    /**
     * Cancels the call, before its response is closed. Keeps the thread's interrupt until {@link #restoreInterrupt}: an
     * interrupted thread cannot write, and closing an HTTP/2 response writes to the server that no more of it is wanted.
     */
    void giveUp() {
        interruptTaken |= Thread.interrupted();
        if (call != null) {
            call.cancel();
        }
    }

    void restoreInterrupt() {
        if (interruptTaken) {
            Thread.currentThread().interrupt();
        }
    }

    /** The attempt, ended now. */
    Attempt ended() {
        return new Attempt(startedAt, Duration.ofNanos(ticker.nanos() - startedNanos), progress.latency(),
                progress.head().map(ReceivedHead::head), progress.connection().ip());
    }
}
