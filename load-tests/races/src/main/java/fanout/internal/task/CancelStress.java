package fanout.internal.task;

import fanout.stress.Uninterrupted;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;

/** A receiver cancels during a send: either the cancel hands the element back, or the send is refused. */
@JCStressTest
@Outcome(id = "true, 1, 0", expect = Expect.ACCEPTABLE, desc = "sent, and handed back")
@Outcome(id = "false, 0, 0", expect = Expect.ACCEPTABLE, desc = "not sent, and the sender knows")
@Outcome(expect = Expect.FORBIDDEN, desc = "an element is lost, or there twice")
@State
public class CancelStress {

    private final Channel<Integer> channel = Channel.bounded(4, Ticker.system());

    @Actor
    public void send(ZII_Result result) {
        result.r1 = Uninterrupted.get(() -> channel.sender().send(1));
    }

    @Actor
    public void cancel(ZII_Result result) {
        result.r2 = channel.receiver().cancel().size();
    }

    @Arbiter
    public void left(ZII_Result result) {
        result.r3 = channel.size();
    }
}
