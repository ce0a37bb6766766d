package fanout.internal.task;

import fanout.races.Hunt;
import fanout.races.HuntTicker;
import fanout.races.Together;
import java.util.Optional;
import org.jetbrains.lincheck.Lincheck;

/** Does a signal reach everybody, before or after it was set, with one reason? */
public final class SignalHunt implements Hunt {

    private static final long FOR_EVER = Long.MAX_VALUE;

    // In static fields, because what only lambdas hold is taken for unshared, and its races are not looked for.
    private static Signal<String> signal;
    private static boolean firstWon;
    private static boolean secondWon;
    private static Optional<String> seen;

    @Override
    public void run(Effort effort) {
        Lincheck.runConcurrentTest(effort.schedules(), SignalHunt::whoeverWaitsSeesTheOneReason);
    }

    static void whoeverWaitsSeesTheOneReason() {
        signal = new Signal<>(HuntTicker.PATIENT);
        Together.run(() -> firstWon = signal.set("first"), () -> secondWon = signal.set("second"),
                () -> seen = signal.await(FOR_EVER));
        if (firstWon == secondWon || !seen.equals(Optional.of(firstWon ? "first" : "second"))) {
            throw new AssertionError(firstWon + ", " + secondWon + ", " + seen);
        }
    }
}
