package fanout.internal.fetch;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** Two fetches read bytes at once. */
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "both are counted")
@Outcome(expect = Expect.FORBIDDEN, desc = "an update was lost")
@State
public class TrafficStress {

    private final Traffic traffic = new Traffic();

    @Actor
    public void one() {
        traffic.read(1);
    }

    @Actor
    public void other() {
        traffic.read(2);
    }

    @Arbiter
    public void count(J_Result result) {
        result.r1 = traffic.bytes();
    }
}
