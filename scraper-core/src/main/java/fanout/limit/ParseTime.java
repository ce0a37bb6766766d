package fanout.limit;

import fanout.task.CarrierTurn;
import fanout.task.Deadline;

/**
 * When a parse is to end, and when it lets others run. All loops over a page ask it again and again.
 *
 * <p>A parse computes, so it shares its carrier, see {@link CarrierTurn}.
 *
 * <p>Confined to one thread, and bound to it while it parses, for selectors: these are compiled once for all pages.
 */
public final class ParseTime {

    private static final ScopedValue<ParseTime> CURRENT = ScopedValue.newInstance();

    private final Deadline deadline;
    private final CarrierTurn turn;

    public ParseTime(Deadline deadline) {
        this.deadline = deadline;
        this.turn = new CarrierTurn(deadline.ticker());
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
        try {
            turn.share(now);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ParseStopped();
        }
    }
}
