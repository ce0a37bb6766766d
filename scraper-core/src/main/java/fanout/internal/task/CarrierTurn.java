package fanout.internal.task;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a thread that computes has had its carrier, and when it lets others have it. All long loops ask it again and
 * again.
 *
 * <p>Computing never blocks, so a virtual thread would hold its carrier until it has done. As many of them as there are
 * carriers would keep every fetch from reading, and the guard of the workers from ending them. So it waits a moment
 * every few milliseconds. It waits and does not yield: on JDK 25 a virtual thread that yields goes to the end of a
 * queue that its carrier then looks at first, and with as many that yield as there are carriers, one that becomes ready
 * elsewhere never runs. A carrier whose thread waits looks at all queues.
 *
 * <p>Confined to one thread.
 */
public final class CarrierTurn {

    private static final long TURN_NANOS = 5_000_000;
    /** Long enough to be a wait at all, and some per cent of a turn with the time that waking takes. */
    private static final long PAUSE_NANOS = 50_000;

    /** Some microseconds' worth. */
    private static final int STEPS_BETWEEN_LOOKS = 256;
    /** Most of what must be done whatever happens is done in less. */
    private static final long GRACE_NANOS = 100_000_000;

    private final Ticker ticker;
    private final Optional<Duration> most;
    private final long started;
    private long began;
    private int stepsLeft = STEPS_BETWEEN_LOOKS;
    private long interruptedSince;
    private boolean isInterrupted;
    private @Nullable Signal<Boolean> nothing;

    /** Begins now. */
    public CarrierTurn(Ticker ticker) {
        this(ticker, Optional.empty());
    }

    /** Begins now, for work that may take this long, and no longer. */
    public CarrierTurn(Ticker ticker, Duration most) {
        this(ticker, Optional.of(most));
    }

    private CarrierTurn(Ticker ticker, Optional<Duration> most) {
        this.ticker = ticker;
        this.most = most;
        this.started = ticker.nanos();
        this.began = started;
    }

    /** Waits a moment if the turn is over, and begins another. A platform thread has no carrier, and never waits. */
    public void share() throws InterruptedException {
        share(ticker.nanos());
    }

    /** The same, at this time of the ticker. */
    public void share(long now) throws InterruptedException {
        if (now - began < TURN_NANOS || !Thread.currentThread().isVirtual()) {
            return;
        }
        if (nothing == null) {
            nothing = new Signal<>(ticker);
        }
        nothing.await(PAUSE_NANOS);
        began = ticker.nanos();
    }

    /**
     * Counts work of some nanoseconds each, and shares when it comes to some microseconds. An interrupted thread does
     * not wait, but may work for only a tenth of a second.
     *
     * @throws OverException if it takes longer; the thread stays interrupted
     * @throws LateException if the work takes longer than it may
     */
    public void spend(int steps) {
        stepsLeft -= steps;
        if (stepsLeft > 0) {
            return;
        }
        stepsLeft = STEPS_BETWEEN_LOOKS;
        long now = ticker.nanos();
        if (!Thread.currentThread().isInterrupted()) {
            if (most.isPresent() && now - started > most.get().toNanos()) {
                throw new LateException();
            }
            shareUnlessInterrupted(now);
            return;
        }
        if (!isInterrupted) {
            isInterrupted = true;
            interruptedSince = now;
        } else if (now - interruptedSince > GRACE_NANOS) {
            throw new OverException();
        }
    }

    /**
     * The same for work that must be done whatever happens: an interrupted thread does not wait, and stays interrupted.
     */
    public void shareUnlessInterrupted() {
        if (!Thread.currentThread().isInterrupted()) {
            shareUnlessInterrupted(ticker.nanos());
        }
    }

    private void shareUnlessInterrupted(long now) {
        try {
            share(now);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An interrupted thread has worked for too long. */
    public static final class OverException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private OverException() {
            super("interrupted, and far from done");
        }
    }

    /** The work has taken longer than it may. */
    public static final class LateException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private LateException() {
            super("took longer than it may");
        }
    }
}
