package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.service.run.EventLog.Batch;
import fanout.app.service.run.EventLog.Event;
import fanout.app.service.run.EventLog.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class EventLogTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final EventLog log = new EventLog();

    private List<Event> kept() throws InterruptedException {
        return log.after(0, Duration.ZERO).events();
    }

    @Test
    void aReaderGetsTheEventsAfterThatWhichItHas() throws InterruptedException {
        log.add(Kind.STATE, "one");
        log.add(Kind.PROGRESS, "two");
        log.add(Kind.STALL, "three");
        Event second = new Event(2, Kind.PROGRESS, "two");
        Event third = new Event(3, Kind.STALL, "three");
        assertThat(log.after(1, LONG)).isEqualTo(new Batch(List.of(second, third), false));
        assertThat(log.after(2, LONG)).isEqualTo(new Batch(List.of(third), false));
        assertThat(log.after(3, Duration.ofMillis(1))).as("nothing comes").isEqualTo(new Batch(List.of(), false));
    }

    @Test
    void nothingFollowsTheEndWhichIsNotWaitedFor() throws InterruptedException {
        log.add(Kind.STATE, "last");
        log.end();
        log.add(Kind.PROGRESS, "late");
        assertThat(log.after(1, LONG)).isEqualTo(new Batch(List.of(), true));
        assertThat(log.after(0, LONG)).isEqualTo(new Batch(List.of(new Event(1, Kind.STATE, "last")), true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReaderThatWaitsIsWokenByAnEventAndByTheEnd(boolean end) throws Exception {
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                log.after(0, LONG);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        while (reader.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        if (end) {
            log.end();
        } else {
            log.add(Kind.PROGRESS, "now");
        }
        boolean woken = reader.join(Duration.ofSeconds(10));
        reader.interrupt();
        reader.join();
        assertThat(woken).isTrue();
    }

    @Test
    void aReaderThatIsInterruptedWaitsNoLonger() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> log.after(0, LONG)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void ofManyEventsTheOldestProgressIsForgotten() throws InterruptedException {
        log.add(Kind.STATE, "first");
        for (int i = 2; i <= 1_000; i++) {
            log.add(Kind.PROGRESS, "a look");
        }
        assertThat(kept()).as("as many as there may be").hasSize(1_000);

        log.add(Kind.PROGRESS, "one more");
        log.add(Kind.STATE, "last");
        assertThat(kept()).extracting(Event::number)
                .as("the first change of state, and all but the two oldest looks")
                .containsExactlyElementsOf(LongStream.concat(LongStream.of(1), LongStream.rangeClosed(4, 1_002))
                        .boxed()
                        .toList());
    }

    @Test
    void afterAHundredStallsNoneIsAdded() throws InterruptedException {
        for (int i = 0; i < 102; i++) {
            log.add(Kind.STALL, "a stall");
        }
        log.add(Kind.STATE, "last");
        assertThat(kept()).hasSize(101);
        assertThat(kept().getLast()).as("numbers have no gaps").isEqualTo(new Event(101, Kind.STATE, "last"));
    }

    @Test
    void theLatestOfEachKindShowsWhereTheCrawlIs() {
        assertThat(log.latest()).isEmpty();
        log.add(Kind.STATE, "queued");
        log.add(Kind.PROGRESS, "early");
        log.add(Kind.PROGRESS, "late");
        log.add(Kind.STALL, "a stall");
        log.add(Kind.STATE, "draining");
        assertThat(log.latest()).containsExactly(new Event(3, Kind.PROGRESS, "late"),
                new Event(5, Kind.STATE, "draining"));
    }

    @Test
    void eachLogHasANumberOfItsOwn() {
        assertThat(new EventLog().number()).isGreaterThan(log.number());
    }
}
