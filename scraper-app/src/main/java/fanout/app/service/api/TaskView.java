package fanout.app.service.api;

import fanout.app.json.Json;
import fanout.outcome.Stage;
import fanout.report.TaskSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scope or a task of a crawl, in the words of the API.
 *
 * @param stage what a task does; null for a scope
 * @param about the URL that it does so for
 * @param deadlineRemainingMs negative once it has passed; null if it has no deadline of its own
 */
record TaskView(
        String name,
        @Nullable String stage,
        @Nullable String about,
        String waitsFor,
        long sinceMs,
        @Nullable Long deadlineRemainingMs,
        List<TaskView> children) {

    TaskView {
        children = List.copyOf(children);
    }

    static TaskView of(TaskSnapshot node) {
        return new TaskView(node.name(), node.stage().map(Stage::label).orElse(null),
                Json.wellFormed(node.about().orElse(null)), node.waitsFor(), node.since().toMillis(),
                node.deadlineLeft().map(Duration::toMillis).orElse(null),
                node.children().stream().map(TaskView::of).toList());
    }

    /** A crawl that does not run has no tasks. */
    static TaskView none(String name) {
        return new TaskView(name, null, null, "nothing: the crawl does not run", 0, null, List.of());
    }

    /** The tasks at work on a URL, of which a crawl that ends waits for each. */
    List<TaskView> atWork() {
        List<TaskView> found = new ArrayList<>();
        collect(found);
        return found;
    }

    private void collect(List<TaskView> found) {
        if (about != null) {
            found.add(this);
        }
        children.forEach(child -> child.collect(found));
    }
}
