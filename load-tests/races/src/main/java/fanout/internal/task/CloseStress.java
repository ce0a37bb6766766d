package fanout.internal.task;

import fanout.stress.Uninterrupted;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A channel is closed during a send. There are two actors, because a third one would need a third processor. */
@JCStressTest
@Outcome(id = "sent, 1, closed", expect = Expect.ACCEPTABLE, desc = "sent before the close, and kept for the receiver")
@Outcome(id = "refused, 0, closed", expect = Expect.ACCEPTABLE, desc = "too late, and the sender knows")
@Outcome(expect = Expect.FORBIDDEN, desc = "an element slipped in after the close, or was lost")
@State
public class CloseStress {

    private final Channel<Integer> channel = Channel.bounded(4, Ticker.system());
    private int keptAtTheClose;

    @Actor
    public void send(LLL_Result result) {
        try {
            result.r1 = Uninterrupted.get(() -> channel.sender().send(1)) ? "sent" : "no receiver takes it";
        } catch (IllegalStateException tooLate) {
            result.r1 = "refused";
        }
    }

    @Actor
    public void close() {
        channel.close();
        keptAtTheClose = channel.size();
    }

    @Arbiter
    public void receive(LLL_Result result) {
        result.r2 = keptAtTheClose;
        int received = 0;
        Received<Integer> last = received();
        while (last instanceof Received.Value) {
            received++;
            last = received();
        }
        result.r3 = last instanceof Received.Closed && received == keptAtTheClose ? "closed" : received + " received";
    }

    private Received<Integer> received() {
        return Uninterrupted.get(() -> channel.receiver().receive(Duration.ZERO));
    }
}
