package fanout.leak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RememberedThreadsTest {

    private final RememberedThreads threads = new RememberedThreads("crew-1 ");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void threadIsSeenWhileItLives(boolean virtual) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        ThreadFactory factory = threads.remembering(
                virtual ? Thread.ofVirtual().name("crew-1 a").factory()
                        : Thread.ofPlatform().name("crew-1 a").factory());
        Thread thread = factory.newThread(() -> awaitQuietly(end));
        thread.start();

        assertThat(names()).containsExactly("crew-1 a");

        end.countDown();
        thread.join();
        assertThat(names()).isEmpty();
    }

    @Test
    void platformThreadIsSeenWhoeverMadeIt() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name("crew-1 stray").start(() -> awaitQuietly(end));
        Thread other = Thread.ofPlatform().name("crew-10 a").start(() -> awaitQuietly(end));

        assertThat(names()).containsExactly("crew-1 stray");

        end.countDown();
        thread.join();
        other.join();
    }

    @Test
    void interruptedThreadMayAskAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThat(names()).isEmpty();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private List<String> names() {
        return threads.leaks().stream().map(leak -> ((Thread) leak.thing()).getName()).toList();
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
