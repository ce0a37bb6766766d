package fanout.internal.task;

import fanout.outcome.Stage;
import fanout.report.TaskSnapshot;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/**
 * A task reports its stage while an observer reads the tree. An observer that sees the stage sees its URL too, and what
 * the task wrote before: the entry is volatile.
 */
@JCStressTest
@Outcome(id = "POLITENESS Optional.empty, [01]", expect = Expect.ACCEPTABLE, desc = "looked before")
@Outcome(id = "PARSE Optional\\[page\\], 1", expect = Expect.ACCEPTABLE, desc = "looked after")
@Outcome(expect = Expect.FORBIDDEN, desc = "a stage with another's URL, or before what led to it")
@State
public class TaskTreeStress {

    private final TaskTree tree = new TaskTree("crawl", Ticker.system());
    private final TaskTree.Node node = tree.root().task("worker-1", Stage.POLITENESS);
    private final Deadline deadline = new Deadline(Ticker.system(), 0, Duration.ZERO, false);
    private int bytes;

    @Actor
    public void work() {
        bytes = 1;
        node.doing(Stage.PARSE, "page", deadline);
    }

    @Actor
    public void look(LI_Result result) {
        TaskSnapshot seen = tree.snapshot().children().getFirst();
        result.r1 = seen.stage().orElseThrow() + " " + seen.about();
        result.r2 = bytes;
    }
}
