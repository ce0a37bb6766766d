package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import fanout.leak.junit.LeakExtension;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The leak check is on every test of this module, though none asks for it. */
class LeakCheckIsOnTest {

    private static final CountDownLatch END = new CountDownLatch(1);
    private static Thread left = Thread.ofVirtual().unstarted(() -> {});

    static class Forgetful {
        @Test
        void leaves() {
            left = Thread.ofVirtual().name("left running").start(LeakCheckIsOnTest::awaitEnd);
        }
    }

    private static void awaitEnd() {
        try {
            END.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void testThatLeavesAThreadFails() throws InterruptedException {
        List<String> failures = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Forgetful.class))
                .enableImplicitConfigurationParameters(true)
                .configurationParameter(LeakExtension.GRACE, "PT0S")
                .execute()
                .testEvents()
                .failed()
                .stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
                .map(Throwable::getMessage)
                .toList();
        END.countDown();
        left.join();

        assertThat(failures).singleElement()
                .asString()
                .startsWith("1 left behind:\n    virtual thread \"left running\"");
    }
}
