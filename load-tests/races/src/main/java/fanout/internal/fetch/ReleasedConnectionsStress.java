package fanout.internal.fetch;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two connections are acquired and released. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "both at once")
@Outcome(expect = Expect.FORBIDDEN, desc = "an update was lost")
@State
public class ReleasedConnectionsStress {

    private final ActiveConnections connections = new ActiveConnections();

    @Actor
    public void one() {
        connections.acquired();
        connections.released();
    }

    @Actor
    public void other() {
        connections.acquired();
        connections.released();
    }

    @Arbiter
    public void count(II_Result result) {
        result.r1 = connections.now();
        result.r2 = connections.peak();
    }
}
