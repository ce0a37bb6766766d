package fanout.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.Failure;
import fanout.page.Extractor;
import fanout.parse.PageParser;
import fanout.parse.ParseResult;
import fanout.parse.TestPages;
import fanout.task.Deadline;
import fanout.task.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DocumentRoomTest {

    private static final Ticker TICKER = Ticker.system();

    private static Deadline in(Duration limit) {
        return Deadline.after(limit, TICKER);
    }

    private static Thread entering(DocumentRoom room, long bytes, AtomicBoolean entered) {
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                entered.set(room.enter(bytes, in(Duration.ofSeconds(30))));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || !thread.isAlive());
        return thread;
    }

    @Test
    void isLimitedByPlacesAndByMemory() throws InterruptedException {
        DocumentRoom room = new DocumentRoom(2, 100, TICKER);
        assertThat(room.enter(60, in(Duration.ofSeconds(5)))).isTrue();
        assertThat(room.enter(60, in(Duration.ofMillis(10)))).as("too large beside the first").isFalse();
        assertThat(room.enter(40, in(Duration.ofSeconds(5)))).isTrue();
        assertThat(room.enter(0, in(Duration.ofMillis(10)))).as("no place").isFalse();
        room.leave(60);
        assertThat(room.enter(60, in(Duration.ofSeconds(5)))).isTrue();
        assertThat(room.holds(100)).isTrue();
        assertThat(room.holds(101)).isFalse();
    }

    @Test
    void smallPagesDoNotPassALargeOneThatWaits() throws InterruptedException {
        DocumentRoom room = new DocumentRoom(3, 100, TICKER);
        AtomicBoolean large = new AtomicBoolean();
        AtomicBoolean small = new AtomicBoolean();
        room.enter(60, in(Duration.ofSeconds(5)));
        Thread first = entering(room, 80, large);
        Thread second = entering(room, 10, small);
        assertThat(small).as("there would be room").isFalse();

        first.interrupt();
        assertThat(first.join(Duration.ofSeconds(10))).isTrue();
        assertThat(second.join(Duration.ofSeconds(10))).as("nobody is before it any more").isTrue();
        assertThat(large).isFalse();
        assertThat(small).isTrue();
    }

    @Test
    void aPageThatTheMemoryCannotHoldAsADocumentFails() throws InterruptedException {
        PageParser parser =
                new PageParser(TestPages.job().build(), List.of(), new DocumentRoom(1, 50_000, TICKER), TICKER);
        ParseResult result =
                TestPages.within(Duration.ofSeconds(20), () -> parser.parse(TestPages.html("<p>".repeat(1_000))));
        assertThat(result).isInstanceOfSatisfying(ParseResult.Unparsed.class,
                unparsed -> assertThat(unparsed.failure()).isInstanceOf(Failure.Parse.class));
        assertThat(DocumentRoom.documentBytesByTags("<p>a</p>".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(2 * 130 + 8 * 16);
    }

    /** Pages failed in scores because one took as long as it was allowed to. */
    @Test
    void theTimeForAPageBeginsWhenItGetsIn() throws Exception {
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
                .limits(new Limits(10, 10, 10, 1_000, Duration.ofMinutes(1), Duration.ofMillis(500), 1 << 20, 5))
                .build();
        PageParser parser = new PageParser(job, List.of(holding), new DocumentRoom(1, 1 << 20, TICKER), TICKER);
        Thread holder = Thread.ofVirtual().start(() -> parse(parser));
        inside.await();
        AtomicBoolean parsed = new AtomicBoolean();
        Thread second = Thread.ofVirtual().start(() -> parsed.set(parse(parser) instanceof ParseResult.Parsed));
        assertThat(second.join(Duration.ofMillis(700))).as("waits longer than its own time").isFalse();

        leave.countDown();
        assertThat(holder.join(Duration.ofSeconds(10))).isTrue();
        assertThat(second.join(Duration.ofSeconds(10))).isTrue();
        assertThat(parsed).isTrue();
    }

    private static ParseResult parse(PageParser parser) {
        try {
            return TestPages.within(Duration.ofSeconds(30), () -> parser.parse(TestPages.html("")));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
