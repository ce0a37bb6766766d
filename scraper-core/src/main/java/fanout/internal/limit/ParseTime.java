package fanout.internal.limit;

import fanout.internal.task.CarrierTurn;
import fanout.internal.task.Deadline;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * When a parse is to end, and when it lets others run. All loops over a page ask it again and again.
 *
 * <p>A parse computes, so it shares its carrier, see {@link CarrierTurn}, and the processors, see {@link DocumentRoom}.
 *
 * <p>Confined to one thread, and bound to it while it parses, for selectors: these are compiled once for all pages.
 */
public final class ParseTime {

    private static final ScopedValue<ParseTime> CURRENT = ScopedValue.newInstance();

    /** Some microseconds' worth. */
    private static final int STEPS_BETWEEN_CHECKS = 256;

    private final Deadline deadline;
    private final CarrierTurn turn;
    private final DocumentRoom.@Nullable Stay stay;
    private int stepsLeft = STEPS_BETWEEN_CHECKS;

    /** For what computes outside the {@link DocumentRoom}. */
    public ParseTime(Deadline deadline) {
        this(deadline, null);
    }

    /** For a page inside, which gives its place to others now and then. */
    public ParseTime(Deadline deadline, DocumentRoom.@Nullable Stay stay) {
        this.deadline = deadline;
        this.turn = new CarrierTurn(deadline.ticker());
        this.stay = stay;
    }

    /** Of the parse that the calling thread is in. */
    public static ParseTime current() {
        return CURRENT.get();
    }

    public <R, X extends Throwable> R within(ScopedValue.CallableOp<? extends R, X> parse) throws X {
        return ScopedValue.where(CURRENT, this).call(parse);
    }

    /**
     * Counts work of some nanoseconds each, such as to look at a node, and looks at the clock when it comes to some
     * microseconds.
     *
     * @throws UncheckedIOException of a {@link ParseStopped}, if the parse is to end
     */
    public void spend(int steps) {
        if (isDue(steps)) {
            checkUnchecked();
        }
    }

    /** Counts work as {@link #spend} does, and returns whether it is time to {@link #check}. */
    public boolean isDue(int steps) {
        stepsLeft -= steps;
        if (stepsLeft > 0) {
            return false;
        }
        stepsLeft = STEPS_BETWEEN_CHECKS;
        return true;
    }

    /**
     * As {@link #check}, for callers of parsers that let no other exception through.
     *
     * @throws UncheckedIOException of a {@link ParseStopped}, if the parse is to end
     */
    public void checkUnchecked() {
        try {
            check();
        } catch (ParseStopped e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails if the parse is to end. The interrupt status is left as it is. */
    public void check() throws ParseStopped {
        long now = deadline.ticker().nanos();
        if (Thread.currentThread().isInterrupted() || deadline.atNanos() - now <= 0) {
            throw new ParseStopped();
        }
        try {
            if (stay != null && !stay.takeTurns(now, deadline)) {
                throw new ParseStopped();
            }
            turn.share(now);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ParseStopped();
        }
    }
}
