package fanout.internal.task;

import fanout.stress.Uninterrupted;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The receiver of an element sees what its sender wrote into it, though the element's field is plain. */
@JCStressTest
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "nothing was there yet")
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "the element is whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "the element came before what was written into it")
@State
public class HandOverStress {

    private static final class Box {

        int content;
    }

    private final Channel<Box> channel = Channel.bounded(1, Ticker.system());

    @Actor
    public void send() {
        Box box = new Box();
        box.content = 7;
        Uninterrupted.get(() -> channel.sender().send(box));
    }

    @Actor
    public void receive(I_Result result) {
        result.r1 =
                Uninterrupted.get(() -> channel.receiver().receive(Duration.ZERO)) instanceof Received.Value<Box> got
                        ? got.value().content
                        : -1;
    }
}
