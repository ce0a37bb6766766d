package fanout.internal.task;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Two set a signal at once: one of them is first, and its reason stays. */
@JCStressTest
@Outcome(id = "true, false, one", expect = Expect.ACCEPTABLE, desc = "the one was first")
@Outcome(id = "false, true, other", expect = Expect.ACCEPTABLE, desc = "the other was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "both won, or a reason was overwritten")
@State
public class SignalStress {

    private final Signal<String> signal = new Signal<>(Ticker.system());

    @Actor
    public void one(ZZL_Result result) {
        result.r1 = signal.set("one");
    }

    @Actor
    public void other(ZZL_Result result) {
        result.r2 = signal.set("other");
    }

    @Arbiter
    public void reason(ZZL_Result result) {
        result.r3 = signal.reason().orElseThrow();
    }
}
