package fanout.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.outcome.Stage;
import fanout.report.TaskSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskTreeTest {

    private final ManualTicker ticker = ManualTicker.stopped();
    private final TaskTree tree = new TaskTree("crawl-1", ticker);

    @Test
    void treeSaysWhatEachTaskDoesAndWaitsForSinceWhenAndForHowLong() {
        Deadline job = Deadline.after(Duration.ofMinutes(1), ticker);
        try (TaskTree.Node writer = tree.root().task("writer", Stage.SINK);
                TaskTree.Node workers = tree.root().scope("workers", job);
                TaskTree.Node worker = workers.task("worker-1", Stage.POLITENESS)) {
            ticker.advance(Duration.ofSeconds(1));
            worker.doing(Stage.BODY, "http://example.org/", Deadline.after(Duration.ofSeconds(30), ticker));
            ticker.advance(Duration.ofSeconds(3));
            TaskSnapshot task = new TaskSnapshot("worker-1", Optional.of(Stage.BODY),
                    Optional.of("http://example.org/"),
                    "the rest of the body", Duration.ofSeconds(3), Optional.of(Duration.ofSeconds(27)), List.of());
            TaskSnapshot scope =
                    new TaskSnapshot("workers", Optional.empty(), Optional.empty(), "1 tasks", Duration.ofSeconds(4),
                            Optional.of(Duration.ofSeconds(56)), List.of(task));
            TaskSnapshot sink = new TaskSnapshot("writer", Optional.of(Stage.SINK), Optional.empty(), "the sink",
                    Duration.ofSeconds(4), Optional.empty(), List.of());
            assertThat(tree.snapshot())
                    .isEqualTo(new TaskSnapshot("crawl-1", Optional.empty(), Optional.empty(), "2 tasks",
                            Duration.ofSeconds(4), Optional.empty(), List.of(scope, sink)));
            writer.doing(Stage.SINK);
            assertThat(tree.snapshot().children().getLast().since()).isZero();
        }
        assertThat(tree.snapshot().children()).isEmpty();
    }

    @Test
    void workersAreSortedByTheirNumbers() {
        IntStream.rangeClosed(1, 101).map(i -> 102 - i).forEach(i -> tree.root().task("worker-" + i, Stage.POLITENESS));

        assertThat(tree.snapshot().children()).extracting(TaskSnapshot::name)
                .startsWith("worker-1", "worker-2", "worker-3")
                .containsSubsequence("worker-9", "worker-10", "worker-99", "worker-100", "worker-101");
        assertThat(tree.standing()).extracting(standing -> standing.task().name())
                .startsWith("worker-1", "worker-2")
                .endsWith("worker-100", "worker-101");
    }

    @Test
    void standingNamesTheThreadAndWhereItIs() throws InterruptedException {
        tree.root().scope("workers", Deadline.after(Duration.ofMinutes(1), ticker));
        tree.root().task("worker-1", Stage.PARSE);

        assertThat(tree.standing()).singleElement().satisfies(standing -> {
            assertThat(standing.threadId()).isEqualTo(Thread.currentThread().threadId());
            assertThat(standing.stage()).isEqualTo(Stage.PARSE);
            assertThat(standing.stack()).isNotEmpty();
        });
    }

    @Test
    void standingNamesWhatTheThreadIsBlockedBy() throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        tree.root().scope("workers", Deadline.after(Duration.ofMinutes(1), ticker));
        Thread waiting = Thread.ofPlatform().start(() -> {
            tree.root().task("worker-1", Stage.BODY);
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
            assertThat(tree.standing()).singleElement()
                    .satisfies(standing -> assertThat(standing.blocker()).contains("CountDownLatch$Sync"));
        } finally {
            latch.countDown();
            waiting.join();
        }
    }

    @Test
    void stagesAreSpelledInLowerCase() {
        assertThat(Stage.values()).extracting(Stage::label)
                .containsExactly("politeness", "robots", "dns", "connect",
                        "headers", "body", "memory", "parse", "sink");
    }
}
