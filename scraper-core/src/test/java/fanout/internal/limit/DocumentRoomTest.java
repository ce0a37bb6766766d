package fanout.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.PageParser;
import fanout.internal.parse.PageParser.ParseResult;
import fanout.internal.parse.TestPages;
import fanout.internal.task.Deadline;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.page.Extractor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DocumentRoomTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Optional<Stage> IN = Optional.empty();

    /** Crawls. */
    private static final Object A = "A";
    private static final Object B = "B";
    private static final Object C = "C";

    private final ManualTicker ticker = ManualTicker.stopped();
    /** Of each crawl the last one that waited. */
    private final Map<Object, DocumentRoom.Stay> stays = new HashMap<>();

    private static void leave(DocumentRoom room, long bytes) {
        room.leave(A, bytes, true);
    }

    private static Waiter waiting(DocumentRoom room, long bytes, Ticker ticker) {
        Deadline deadline = Deadline.after(HOUR, ticker);
        DocumentRoom.Stay stay = room.stay(A, bytes);
        return Waiter.waiting(() -> {
            Optional<Stage> late = stay.enter(deadline, (_, _) -> {});
            if (late.isEmpty()) {
                stay.leave();
            }
            return late;
        });
    }

    private Waiter waiting(DocumentRoom room, long bytes) {
        return waiting(room, bytes, ticker);
    }

    @Test
    void isLimitedByPlacesAndByMemory() {
        DocumentRoom room = new DocumentRoom(2, 100, ticker);
        assertThat(room.tryEnter(A, 60)).isTrue();
        assertThat(room.tryEnter(A, 41)).as("too large beside the first").isFalse();
        assertThat(room.tryEnter(A, 40)).isTrue();
        assertThat(room.tryEnter(A, 0)).as("no place").isFalse();
        leave(room, 60);
        assertThat(room.tryEnter(A, 60)).isTrue();
        assertThat(room.holds(100)).isTrue();
        assertThat(room.holds(101)).isFalse();
    }

    @Test
    void pageSaysWhetherItWaitsForMemoryOrForAPlace() throws InterruptedException {
        DocumentRoom room = new DocumentRoom(2, 100, ticker);
        List<Stage> stages = new ArrayList<>();
        Deadline passed = Deadline.after(Duration.ZERO, ticker);
        DocumentRoom.Stay first = room.stay(A, 60);
        assertThat(first.enter(passed, (stage, _) -> stages.add(stage))).isEqualTo(IN);
        assertThat(stages).as("it did not wait").isEmpty();

        assertThat(room.stay(A, 41).enter(passed, (stage, _) -> stages.add(stage))).contains(Stage.MEMORY);
        assertThat(room.tryEnter(A, 0)).isTrue();
        assertThat(room.stay(A, 40).enter(passed, (stage, _) -> stages.add(stage))).contains(Stage.PARSE);
        assertThat(stages).containsExactly(Stage.MEMORY, Stage.PARSE);
        first.leave();
    }

    @Test
    void deadlineAndInterruptEndAWait() throws InterruptedException {
        DocumentRoom room = new DocumentRoom(1, 100, ticker);
        assertThat(room.tryEnter(A, 0)).isTrue();
        Waiter late = waiting(room, 10);
        ticker.advance(HOUR);
        assertThat(late.end()).isEqualTo(Optional.of(Stage.PARSE));

        Waiter interrupted = waiting(room, 10);
        interrupted.interrupt();
        assertThat(interrupted.end()).isEqualTo("InterruptedException");
        leave(room, 0);
        assertThat(room.tryEnter(A, 100)).as("neither has taken anything").isTrue();
    }

    @Test
    void smallPagesDoNotPassALargeOneThatWaits() throws InterruptedException {
        DocumentRoom room = new DocumentRoom(3, 100, ticker);
        assertThat(room.tryEnter(A, 60)).isTrue();
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
        DocumentRoom room = new DocumentRoom(3, 100, clock);
        assertThat(room.tryEnter(A, 60)).isTrue();
        Waiter large = waiting(room, 80, clock);
        leave(room, 60);

        assertThat(room.tryEnter(A, 21)).as("leaves 79").isFalse();
        assertThat(room.tryEnter(A, 20)).as("there is memory for both").isTrue();
        assertThat(room.tryEnter(A, 1)).isFalse();
        clock.letThemRun();
        assertThat(large.end()).isEqualTo(IN);
    }

    @Test
    void lastPlaceIsTakenBeforeAPageThatWasWokenForItForAFewTimesOnly() throws InterruptedException {
        LateWakeUps clock = new LateWakeUps();
        DocumentRoom room = new DocumentRoom(1, 100, clock);
        assertThat(room.tryEnter(A, 0)).isTrue();
        Waiter first = waiting(room, 10, clock);
        leave(room, 0);

        for (int pass = 1; pass <= 8; pass++) {
            assertThat(room.tryEnter(A, 10)).as("pass %d", pass).isTrue();
            leave(room, 10);
        }
        assertThat(room.tryEnter(A, 10)).isFalse();
        assertThat(room.tryEnter(A, 10)).isFalse();
        clock.letThemRun();
        assertThat(first.end()).isEqualTo(IN);
    }

    private Waiter waitingOf(Object crawl, DocumentRoom room, long bytes) {
        Deadline deadline = Deadline.after(HOUR, ticker);
        DocumentRoom.Stay stay = room.stay(crawl, bytes);
        stays.put(crawl, stay);
        return Waiter.waiting(() -> stay.enter(deadline, (_, _) -> {}));
    }

    private DocumentRoom.Stay inside(Object crawl, DocumentRoom room, long bytes) throws InterruptedException {
        DocumentRoom.Stay stay = room.stay(crawl, bytes);
        assertThat(stay.enter(Deadline.after(Duration.ZERO, ticker), (_, _) -> {})).isEqualTo(IN);
        return stay;
    }

    @Test
    void memoryGoesToTheCrawlThatHasTheLeast() throws InterruptedException {
        DocumentRoom room = new DocumentRoom(9, 100, ticker);
        DocumentRoom.Stay first = inside(A, room, 50);
        DocumentRoom.Stay second = inside(A, room, 50);
        Waiter sameCrawl = waitingOf(A, room, 50);
        Waiter other = waitingOf(B, room, 50);
        first.leave();
        assertThat(other.end()).as("although it came later").isEqualTo(IN);
        assertThat(sameCrawl.isWaiting()).isTrue();
        sameCrawl.interrupt();
        assertThat(sameCrawl.end()).isEqualTo("InterruptedException");
        second.leave();
        stays.get(B).leave();
    }

    @Test
    void pageGivesItsPlaceToAnotherCrawlWhenItsTurnIsOver() throws InterruptedException {
        DocumentRoom room = new DocumentRoom(1, 100, ticker);
        Deadline deadline = Deadline.after(HOUR, ticker);
        DocumentRoom.Stay slow = inside(A, room, 50);
        Waiter sameCrawl = waitingOf(A, room, 10);
        assertThat(slow.takeTurns(ticker.nanos(), deadline)).as("its turn is not over").isTrue();
        ticker.advance(Duration.ofMillis(50));
        assertThat(slow.takeTurns(ticker.nanos(), deadline)).as("none of its own crawl passes it").isTrue();

        Waiter other = waitingOf(B, room, 10);
        ticker.advance(Duration.ofMillis(50));
        Waiter returning = Waiter.waiting(() -> slow.takeTurns(ticker.nanos(), deadline));
        assertThat(other.end()).isEqualTo(IN);
        assertThat(returning.isWaiting()).isTrue();
        assertThat(room.tryEnter(C, 10)).as("no place").isFalse();

        stays.get(B).leave();
        assertThat(returning.end()).isEqualTo(true);
        slow.leave();
        assertThat(sameCrawl.end()).isEqualTo(IN);
        stays.get(A).leave();
        assertThat(room.tryEnter(C, 100)).as("all was given back").isTrue();
    }

    @Test
    void crawlsTakeTurnsAndAWaitForOneEndsAtTheDeadline() throws InterruptedException {
        DocumentRoom room = new DocumentRoom(1, 100, ticker);
        Deadline deadline = Deadline.after(HOUR, ticker);
        DocumentRoom.Stay a = inside(A, room, 10);
        Waiter ofB = waitingOf(B, room, 10);
        ticker.advance(Duration.ofMillis(50));
        Waiter again = Waiter.waiting(() -> a.takeTurns(ticker.nanos(), deadline));
        assertThat(ofB.end()).isEqualTo(IN);
        Waiter ofC = waitingOf(C, room, 10);
        stays.get(B).leave();
        assertThat(ofC.end()).as("had no turn yet").isEqualTo(IN);
        assertThat(again.isWaiting()).isTrue();

        ticker.advance(HOUR);
        assertThat(again.end()).isEqualTo(false);
        a.leave();
        stays.get(C).leave();
        assertThat(room.tryEnter(A, 100)).as("all was given back").isTrue();
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
        Extractor holding = TestPages.holding(inside, leave);
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
