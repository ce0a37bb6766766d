package example;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.leak.junit.Behind;
import fanout.leak.junit.LeakExtension;
import fanout.leak.junit.TestRun;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The leak check in a user's tests: the lines in docs/library.md come from here. */
class LeakCheckUseTest {

    // docs
    @ExtendWith(LeakExtension.class)
    static class DownloadTest {

        private final ExecutorService executor = Executors.newFixedThreadPool(4);

        @Test
        void downloads() throws Exception {
            Future<String> page = executor.submit(() -> "<h1>Shop</h1>");
            assertThat(page.get()).contains("Shop");
        }
        // docs end

        DownloadTest() {
            Behind.removedBy(executor::shutdownNow);
        }
    }

    @AfterEach
    void endTheExecutor() throws Exception {
        Behind.remove();
    }

    @Test
    void testThatForgetsItsExecutorFails() {
        assertThat(TestRun.of(DownloadTest.class, "PT0S").failure("downloads()"))
                .containsPattern("^1 left behind:\n    platform thread \"pool-\\d+-thread-1\" #\\d+, \\w+, "
                        + "in java\\.util\\.concurrent\\.ThreadPoolExecutor@\\w+\n        at ");
    }
}
