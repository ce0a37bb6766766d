package fanout.limit;

import fanout.task.Deadline;
import fanout.task.Signal;

/**
 * When a parse is to end, and when it lets others run. All loops over a page ask it again and again.
 *
 * <p>A parse never blocks, so a virtual thread would hold its carrier for as long as a page takes. As many parses as there are
 * carriers would keep every fetch from reading, and the guard of the workers from ending them. So a parse waits a moment every
 * few milliseconds. It waits and does not yield: on JDK 25 a virtual thread that yields goes to the end of a queue that its
 * carrier then looks at first, and with as many that yield as there are carriers, one that becomes ready elsewhere never runs.
 * A carrier whose thread waits looks at all queues.
 *
 * <p>Confined to one thread, and bound to it while it parses, for selectors: these are compiled once for all pages.
 */
public final class ParseTime {

    private static final ScopedValue<ParseTime> CURRENT = ScopedValue.newInstance();
    private static final long TURN_NANOS = 5_000_000;
    /** Long enough to be a wait at all, and some per cent of a turn with the time that waking takes. */
    private static final long PAUSE_NANOS = 50_000;

    private final Deadline deadline;
    private final Signal<Boolean> nothing;
    private long turnBegan;

    public ParseTime(Deadline deadline) {
        this.deadline = deadline;
        this.nothing = new Signal<>(deadline.ticker());
        this.turnBegan = deadline.ticker().nanos();
    }

    /** Of the parse that the calling thread is in. */
    public static ParseTime current() {
        return CURRENT.get();
    }

    public <R, X extends Throwable> R within(ScopedValue.CallableOp<? extends R, X> parse) throws X {
        return ScopedValue.where(CURRENT, this).call(parse);
    }

    /** Fails if the parse is to end. The interrupt status is left as it is. */
    public void check() throws ParseStopped {
        long now = deadline.ticker().nanos();
        if (Thread.currentThread().isInterrupted() || deadline.atNanos() - now <= 0) {
            throw new ParseStopped();
        }
        if (now - turnBegan >= TURN_NANOS && Thread.currentThread().isVirtual()) {
            pause();
            turnBegan = deadline.ticker().nanos();
        }
    }

    private void pause() throws ParseStopped {
        try {
            nothing.await(PAUSE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ParseStopped();
        }
    }
}
