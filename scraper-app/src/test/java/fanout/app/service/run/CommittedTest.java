package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.service.run.Committed.Position;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CommittedTest {

    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void anEndIsAnEnd() throws InterruptedException {
        Committed committed = new Committed();
        committed.advanceTo(7);
        committed.end();
        assertThat(committed.position()).isEqualTo(new Position(7, true));
        committed.advanceTo(9); // the last look at the file may come after the end
        assertThat(committed.position()).isEqualTo(new Position(9, true));
        assertThat(committed.awaitBeyond(9, LONG)).as("nothing more is waited for").isEqualTo(new Position(9, true));
        assertThat(Committed.ended(5).position()).isEqualTo(new Position(5, true));
    }

    /** A thread that has read the journal may be slower than one that has read the size of the whole file. */
    @Test
    void itNeverFalls() {
        Committed committed = new Committed();
        committed.advanceTo(7);
        committed.advanceTo(5);
        assertThat(committed.position()).isEqualTo(new Position(7, false));
    }

    @Test
    void aReaderWaitsForBytesBeyondThoseItHas() throws InterruptedException {
        Committed committed = new Committed();
        committed.advanceTo(7);
        assertThat(committed.awaitBeyond(6, LONG)).isEqualTo(new Position(7, false));
        assertThat(committed.awaitBeyond(7, Duration.ofMillis(1))).isEqualTo(new Position(7, false));
    }

    @Test
    void aReaderThatWaitsIsWokenByBytesAndByTheEnd() throws Exception {
        for (boolean end : new boolean[]{false, true}) {
            Committed committed = new Committed();
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    committed.awaitBeyond(0, LONG);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            while (reader.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            if (end) {
                committed.end();
            } else {
                committed.advanceTo(1);
            }
            boolean woken = reader.join(Duration.ofSeconds(10));
            reader.interrupt();
            reader.join();
            assertThat(woken).isTrue();
        }
    }
}
