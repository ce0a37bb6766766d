package fanout.app.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.service.http.Caller;
import fanout.app.store.TokenRole;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SessionsTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // it runs over meanwhile
    private final Sessions sessions = new Sessions(now::get);

    private static final Caller CALLER = new Caller() {
        @Override
        public Optional<String> token() {
            return Optional.of("ci");
        }

        @Override
        public TokenRole role() {
            return TokenRole.RUN;
        }

        @Override
        public boolean isValid() {
            return true;
        }
    };

    private boolean isOpen(String id) {
        Optional<Caller> caller = sessions.caller(id);
        assertThat(caller.stream()).allMatch(one -> one == CALLER);
        return caller.isPresent();
    }

    @Test
    void eachLoginIsASessionOfItsOwnUntilItsLogout() {
        String one = sessions.begin(CALLER);
        String other = sessions.begin(CALLER);
        assertThat(one).isNotEqualTo(other);
        sessions.end(one);
        assertThat(isOpen(one)).isFalse();
        assertThat(isOpen(other)).isTrue();
        assertThat(isOpen(other)).as("asked again").isTrue();
        assertThat(isOpen("")).isFalse();
    }

    @Test
    void theOldestOfMoreThanAThousandIsOver() {
        String first = sessions.begin(CALLER);
        String second = sessions.begin(CALLER);
        for (int i = 0; i < 998; i++) {
            sessions.begin(CALLER);
        }
        assertThat(isOpen(first)).as("of a thousand").isTrue();
        sessions.begin(CALLER);
        assertThat(isOpen(first)).isFalse();
        assertThat(isOpen(second)).isTrue();
    }

    private static <T> T elsewhere(Supplier<T> call) throws Exception {
        return CompletableFuture.supplyAsync(call, Thread.ofPlatform().daemon()::start).get(20, TimeUnit.SECONDS);
    }

    @Test
    void noCallKeepsOtherThreadsOut() throws Exception {
        String id = elsewhere(() -> sessions.begin(CALLER));
        assertThat(elsewhere(() -> isOpen(id))).isTrue();
        assertThat(elsewhere(() -> {
            sessions.end(id);
            return id;
        })).isEqualTo(id);
        assertThat(elsewhere(() -> isOpen(id))).isFalse();
    }

    @Test
    void aSessionEndsAfterTwelveHours() {
        String first = sessions.begin(CALLER);
        now.addAndGet(Duration.ofHours(1).toNanos());
        String second = sessions.begin(CALLER);
        now.addAndGet(Duration.ofHours(11).toNanos() - 1);
        assertThat(isOpen(first)).as("a nanosecond before").isTrue();
        now.incrementAndGet();
        assertThat(isOpen(first)).isFalse();
        assertThat(isOpen(first)).as("asked again").isFalse();
        assertThat(isOpen(second)).isTrue();
    }
}
