package fanout.report;

import fanout.outcome.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A scope or a task as an observer saw it.
 *
 * @param stage what a task does; empty for a scope
 * @param about the URL it does so for, if there is one
 * @param waitsFor what ends the stage; of a scope, its tasks
 * @param since how long it has done so
 * @param deadlineLeft until its nearest deadline of its own; negative if that has passed
 * @param children of a scope: its tasks and the scopes in it
 */
public record TaskSnapshot(
        String name,
        Optional<Stage> stage,
        Optional<String> about,
        String waitsFor,
        Duration since,
        Optional<Duration> deadlineLeft,
        List<TaskSnapshot> children) {

    public TaskSnapshot {
        children = List.copyOf(children);
    }

    /** The same, with another word on what tasks in this stage wait for. */
    public TaskSnapshot waitingFor(Stage which, String what) {
        return new TaskSnapshot(name, stage, about, stage.filter(which::equals).map(_ -> what).orElse(waitsFor), since,
                deadlineLeft, children.stream().map(child -> child.waitingFor(which, what)).toList());
    }
}
