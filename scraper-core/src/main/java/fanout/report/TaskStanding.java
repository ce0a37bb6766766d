package fanout.report;

import fanout.outcome.Stage;
import java.util.List;
import java.util.Optional;

/**
 * A task, and where its thread stands.
 *
 * @param threadId as {@link Thread#threadId}
 * @param state waiting, blocked, or running
 * @param blocker the type of what it is parked on, if it is and that is known
 * @param stack the innermost frame first; of a virtual thread that is being mounted it may be empty
 */
public record TaskStanding(
        TaskSnapshot task,
        long threadId,
        Thread.State state,
        Optional<String> blocker,
        List<StackTraceElement> stack) {

    public TaskStanding {
        stack = List.copyOf(stack);
    }

    /** The task's stage. */
    public Stage stage() {
        return task.stage().orElseThrow();
    }
}
