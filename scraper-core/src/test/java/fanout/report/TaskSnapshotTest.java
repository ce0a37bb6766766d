package fanout.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.outcome.Stage;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskSnapshotTest {

    private static TaskSnapshot task(String name, Optional<Stage> stage, String waitsFor, TaskSnapshot... children) {
        return new TaskSnapshot(name, stage, Optional.of("http://example.org/"), waitsFor, Duration.ofSeconds(3),
                Optional.of(Duration.ofSeconds(4)), List.of(children));
    }

    @Test
    void anotherWordIsForTheTasksInThatStageOnly() {
        TaskSnapshot tree = task("crawl", Optional.empty(), "2 tasks",
                task("worker-1", Optional.of(Stage.POLITENESS), "a host that is ready"),
                task("worker-2", Optional.of(Stage.BODY), "the rest of the body"));

        assertThat(tree.waitingFor(Stage.POLITENESS, "another crawl")).isEqualTo(
                task("crawl", Optional.empty(), "2 tasks",
                        task("worker-1", Optional.of(Stage.POLITENESS), "another crawl"),
                        task("worker-2", Optional.of(Stage.BODY), "the rest of the body")));
    }

    @Test
    void theStageOfAStandingTaskIsThatOfTheTask() {
        for (Stage stage : Stage.values()) {
            assertThat(standing(task("worker", Optional.of(stage), stage.waitsFor())).stage()).isEqualTo(stage);
        }
        assertThatThrownBy(() -> standing(task("scope", Optional.empty(), "1 task")).stage())
                .isInstanceOf(NoSuchElementException.class);
    }

    private static TaskStanding standing(TaskSnapshot task) {
        return new TaskStanding(task, 7, Thread.State.WAITING, Optional.empty(), List.of());
    }
}
