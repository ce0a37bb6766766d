package fanout.internal.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A deadline is published by a data race, through a field without a guard: a thread that sees it sees all of it,
 * because it is a record, whose fields are final. A thread that waits may therefore ask any deadline that it gets.
 */
@JCStressTest
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "looked before")
@Outcome(id = "7 PT1S true true", expect = Expect.ACCEPTABLE, desc = "looked after")
@Outcome(expect = Expect.FORBIDDEN, desc = "half a deadline")
@State
public class DeadlineStress {

    private @Nullable Deadline current;

    @Actor
    public void set() {
        current = new Deadline(Ticker.system(), 7, Duration.ofSeconds(1), true);
    }

    @Actor
    @SuppressWarnings("ReferenceEquality") // whether it is that very clock
    public void ask(L_Result result) {
        Deadline seen = current;
        result.r1 = seen == null
                ? "none"
                : seen.atNanos() + " " + seen.limit() + " " + seen.interrupts() + " "
                        + (seen.ticker() == Ticker.system());
    }
}
