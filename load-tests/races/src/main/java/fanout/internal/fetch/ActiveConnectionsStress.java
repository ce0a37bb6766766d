package fanout.internal.fetch;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two connections are acquired at once: how many are there, and were there at most? */
@JCStressTest
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both are counted")
@Outcome(expect = Expect.FORBIDDEN, desc = "an update was lost")
@State
public class ActiveConnectionsStress {

    private final ActiveConnections connections = new ActiveConnections();

    @Actor
    public void one() {
        connections.acquired();
    }

    @Actor
    public void other() {
        connections.acquired();
    }

    @Arbiter
    public void count(II_Result result) {
        result.r1 = connections.now();
        result.r2 = connections.peak();
    }
}
