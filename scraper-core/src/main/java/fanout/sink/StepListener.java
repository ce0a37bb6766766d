package fanout.sink;

import fanout.internal.annotation.Internal;
import fanout.outcome.Step;

/**
 * Told of each step, in order, once its outcomes were given to the sink. Called on the writer's thread; must not throw.
 */
@Internal
@FunctionalInterface
public interface StepListener {

    /** Listens to nothing. */
    StepListener NONE = (_, _) -> {};

    /**
     * A step was written.
     *
     * @param early later steps that have arrived and wait for their turn
     */
    void written(Step step, int early);
}
