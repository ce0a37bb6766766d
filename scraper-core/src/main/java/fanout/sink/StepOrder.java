package fanout.sink;

import fanout.outcome.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Restores the order of steps: a step that arrives before an earlier one waits for it. The frontier numbers only so
 * many steps beyond one that is not sent, and that bounds how many wait here. Confined to one thread.
 */
final class StepOrder {

    private final Map<Long, Step> early = new HashMap<>();
    private long next = 1;

    void add(Step step) {
        early.put(step.number(), step);
    }

    /** The next step in order; null if it has not arrived. */
    @Nullable
    Step poll() {
        Step step = early.remove(next);
        next += step == null ? 0 : 1;
        return step;
    }

    /** Takes what waits for a step that will not come. */
    List<Step> drain() {
        List<Step> rest = new ArrayList<>(early.values());
        early.clear();
        return rest;
    }

    int size() {
        return early.size();
    }
}
