package fanout.limit;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.Failure;
import fanout.page.Extractor;
import fanout.parse.PageParser;
import fanout.parse.ParseResult;
import fanout.parse.TestPages;
import fanout.task.Deadline;
import fanout.task.ManualTicker;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DocumentRoomTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Optional<Stage> IN = Optional.empty();

    private final ManualTicker ticker = ManualTicker.stopped();
    private final List<DocumentRoom> rooms = new ArrayList<>();

    private static Waiter waiting(DocumentRoom room, long bytes, Ticker ticker) {
        Deadline deadline = Deadline.after(HOUR, ticker);
        return Waiter.waiting(() -> {
            Optional<Stage> late = room.enter(bytes, deadline, (_, _) -> {});
            if (late.isEmpty()) {
                room.leave(bytes);
            }
            return late;
        });
    }

    private DocumentRoom room(int places, long bytes, Ticker clock) {
        DocumentRoom room = new DocumentRoom(places, bytes, clock);
        rooms.add(room);
        return room;
    }

    /** What this thread has not given back. */
    @AfterEach
    void leaveAll() {
        rooms.forEach(room -> room.leave(0));
    }

    private Waiter waiting(DocumentRoom room, long bytes) {
        return waiting(room, bytes, ticker);
    }

    @Test
    void isLimitedByPlacesAndByMemory() {
        DocumentRoom room = room(2, 100, ticker);
        assertThat(room.tryEnter(60)).isTrue();
        assertThat(room.tryEnter(41)).as("too large beside the first").isFalse();
        assertThat(room.tryEnter(40)).isTrue();
        assertThat(room.tryEnter(0)).as("no place").isFalse();
        room.leave(60);
        assertThat(room.tryEnter(60)).isTrue();
        assertThat(room.holds(100)).isTrue();
        assertThat(room.holds(101)).isFalse();
    }

    @Test
    void pageSaysWhetherItWaitsForMemoryOrForAPlace() throws InterruptedException {
        DocumentRoom room = room(2, 100, ticker);
        List<Stage> stages = new ArrayList<>();
        Deadline passed = Deadline.after(Duration.ZERO, ticker);
        assertThat(room.enter(60, passed, (stage, _) -> stages.add(stage))).isEqualTo(IN);
        assertThat(stages).as("it did not wait").isEmpty();

        assertThat(room.enter(41, passed, (stage, _) -> stages.add(stage))).contains(Stage.MEMORY);
        assertThat(room.tryEnter(0)).isTrue();
        assertThat(room.enter(40, passed, (stage, _) -> stages.add(stage))).contains(Stage.PARSE);
        assertThat(stages).containsExactly(Stage.MEMORY, Stage.PARSE);
    }

    @Test
    void deadlineAndInterruptEndAWait() throws InterruptedException {
        DocumentRoom room = room(1, 100, ticker);
        assertThat(room.tryEnter(0)).isTrue();
        Waiter late = waiting(room, 10);
        ticker.advance(HOUR);
        assertThat(late.end()).isEqualTo(Optional.of(Stage.PARSE));

        Waiter interrupted = waiting(room, 10);
        interrupted.interrupt();
        assertThat(interrupted.end()).isEqualTo("InterruptedException");
        room.leave(0);
        assertThat(room.tryEnter(100)).as("neither has taken anything").isTrue();
    }

    @Test
    void smallPagesDoNotPassALargeOneThatWaits() throws InterruptedException {
        DocumentRoom room = room(3, 100, ticker);
        assertThat(room.tryEnter(60)).isTrue();
        Waiter large = waiting(room, 80);
        Waiter small = waiting(room, 10);
        assertThat(small.isWaiting()).as("although there is room").isTrue();

        large.interrupt();
        assertThat(large.end()).isEqualTo("InterruptedException");
        assertThat(small.end()).as("no page waits before it any more").isEqualTo(IN);
    }

    /** Between the moment when a page is woken and the one when its thread runs, others come. */
    @Test
    void smallPagesNeverTakeTheMemoryThatALargeOneWasWokenFor() throws InterruptedException {
        LateWakeUps clock = new LateWakeUps();
        DocumentRoom room = room(3, 100, clock);
        assertThat(room.tryEnter(60)).isTrue();
        Waiter large = waiting(room, 80, clock);
        room.leave(60);

        assertThat(room.tryEnter(21)).as("leaves 79").isFalse();
        assertThat(room.tryEnter(20)).as("there is memory for both").isTrue();
        assertThat(room.tryEnter(1)).isFalse();
        clock.letThemRun();
        assertThat(large.end()).isEqualTo(IN);
    }

    @Test
    void lastPlaceIsTakenBeforeAPageThatWasWokenForItForAFewTimesOnly() throws InterruptedException {
        LateWakeUps clock = new LateWakeUps();
        DocumentRoom room = room(1, 100, clock);
        assertThat(room.tryEnter(0)).isTrue();
        Waiter first = waiting(room, 10, clock);
        room.leave(0);

        for (int pass = 1; pass <= 8; pass++) {
            assertThat(room.tryEnter(10)).as("pass %d", pass).isTrue();
            room.leave(10);
        }
        assertThat(room.tryEnter(10)).isFalse();
        assertThat(room.tryEnter(10)).isFalse();
        clock.letThemRun();
        assertThat(first.end()).isEqualTo(IN);
    }

    @Test
    void pageThatTheMemoryCannotHoldAsADocumentFails() throws InterruptedException {
        PageParser parser =
                new PageParser(TestPages.documentJob().build(), List.of(), new DocumentRoom(1, 50_000, ticker),
                        ticker);
        ParseResult result = Deadline.after(HOUR, ticker)
                .within(() -> TestPages.parse(parser, TestPages.html("<p>".repeat(1_000))));
        assertThat(result).isInstanceOfSatisfying(ParseResult.Unparsed.class,
                unparsed -> assertThat(unparsed.failure()).isInstanceOf(Failure.Parse.class));
    }

    /** Pages failed because another one took as long as it was allowed to. */
    @Test
    void timeForAPageBeginsWhenItGetsIn() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Extractor holding = page -> {
            inside.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        };
        CrawlJob job = TestPages.job()
                .limits(new Limits(10, 10, 10, 1_000, HOUR, Duration.ofMillis(500), 1 << 20, 5, 100))
                .build();
        PageParser parser = new PageParser(job, List.of(holding), new DocumentRoom(1, 1 << 20, ticker), ticker);
        Thread holder = Thread.ofVirtual().start(() -> parse(parser));
        inside.await();
        Waiter second = Waiter.waiting(() -> parse(parser));

        ticker.advance(Duration.ofMinutes(10));
        leave.countDown();

        assertThat(holder.join(Duration.ofSeconds(10))).isTrue();
        assertThat(second.end()).isInstanceOf(ParseResult.Parsed.class);
    }

    private ParseResult parse(PageParser parser) {
        try {
            return Deadline.after(HOUR, ticker).within(() -> TestPages.parse(parser, TestPages.html("")));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
