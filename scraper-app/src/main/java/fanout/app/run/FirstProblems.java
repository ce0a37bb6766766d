package fanout.app.run;

import fanout.journal.Position;
import fanout.outcome.Cancelled;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.sink.Sink;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the first URL that failed or was skipped for each reason: a person who asks why needs one example. Confined to the
 * thread that writes, and to that which joined it.
 */
final class FirstProblems implements Sink {

    private final Map<Reason, Outcome> firsts = new EnumMap<>(Reason.class);

    @Override
    public void write(Outcome outcome) {
        outcome.reason().filter(FirstProblems::isProblem).ifPresent(reason -> firsts.putIfAbsent(reason, outcome));
    }

    /** A URL beyond the budget, and one that a stop left untouched, are none. */
    static boolean isProblem(Reason reason) {
        return reason != Reason.BUDGET && !reason.outcome().equals(Cancelled.NAME);
    }

    /** The first URL with this reason. */
    Optional<Outcome> of(Reason reason) {
        return Optional.ofNullable(firsts.get(reason));
    }

    /** Writes nothing. */
    @Override
    public void flush() {}

    @Override
    public boolean isResumable() {
        return true;
    }

    /** What it has seen is of this run alone. */
    @Override
    public Position commit() {
        return Position.NONE;
    }

    /** Keeps nothing that would have to be cut. */
    @Override
    public void resumeAt(Position position) {}

    /** Holds nothing. */
    @Override
    public void close() {}
}
