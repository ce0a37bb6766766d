package fanout.internal.task;

import fanout.outcome.Stage;

/** How a piece of work proceeds. Called on the thread that does it; must not block or throw. */
@FunctionalInterface
public interface StageListener {

    /**
     * A stage begins, and with it the one before has ended.
     *
     * @param until when it must have ended
     */
    void entered(Stage stage, Deadline until);
}
