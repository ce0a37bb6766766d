package fanout.app.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SessionsTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // it runs over meanwhile
    private final Sessions sessions = new Sessions(now::get);

    @Test
    void eachLoginIsASessionOfItsOwnUntilItsLogout() {
        String one = sessions.begin();
        String other = sessions.begin();
        assertThat(one).isNotEqualTo(other);
        sessions.end(one);
        assertThat(sessions.isOpen(one)).isFalse();
        assertThat(sessions.isOpen(other)).isTrue();
        assertThat(sessions.isOpen(other)).as("asked again").isTrue();
        assertThat(sessions.isOpen("")).isFalse();
    }

    @Test
    void theOldestOfMoreThanAThousandIsOver() {
        String first = sessions.begin();
        String second = sessions.begin();
        for (int i = 0; i < 998; i++) {
            sessions.begin();
        }
        assertThat(sessions.isOpen(first)).as("of a thousand").isTrue();
        sessions.begin();
        assertThat(sessions.isOpen(first)).isFalse();
        assertThat(sessions.isOpen(second)).isTrue();
    }

    private static <T> T elsewhere(Supplier<T> call) throws Exception {
        return CompletableFuture.supplyAsync(call, Thread.ofPlatform().daemon()::start).get(20, TimeUnit.SECONDS);
    }

    @Test
    void noCallKeepsOtherThreadsOut() throws Exception {
        String id = elsewhere(sessions::begin);
        assertThat(elsewhere(() -> sessions.isOpen(id))).isTrue();
        assertThat(elsewhere(() -> {
            sessions.end(id);
            return id;
        })).isEqualTo(id);
        assertThat(elsewhere(() -> sessions.isOpen(id))).isFalse();
    }

    @Test
    void aSessionEndsAfterTwelveHours() {
        String first = sessions.begin();
        now.addAndGet(Duration.ofHours(1).toNanos());
        String second = sessions.begin();
        now.addAndGet(Duration.ofHours(11).toNanos() - 1);
        assertThat(sessions.isOpen(first)).as("a nanosecond before").isTrue();
        now.incrementAndGet();
        assertThat(sessions.isOpen(first)).isFalse();
        assertThat(sessions.isOpen(first)).as("asked again").isFalse();
        assertThat(sessions.isOpen(second)).isTrue();
    }
}
