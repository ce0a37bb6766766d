package fanout.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.Site;
import fanout.app.config.ServiceSettings;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.run.ExitCode;
import fanout.app.service.Service;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StopDeadlineTest {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofDays(1);
    private static final StopDeadline.Times TIMES = new StopDeadline.Times(SHORT, SHORT, SHORT, LONG);

    @TempDir
    private Path data;

    private final BlockingQueue<ExitCode> halts = new LinkedBlockingQueue<>();
    private final BlockingQueue<List<String>> said = new LinkedBlockingQueue<>();

    private static List<String> nothing() {
        return List.of();
    }

    @Test
    void aServiceThatDoesNotEndInTimeIsEnded() throws Exception {
        try (StopDeadline deadline = new StopDeadline(TIMES, halts::add)) {
            long began = System.nanoTime();
            deadline.begin(StopDeadlineTest::nothing);
            assertThat(halts.poll(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.LEAKED);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(SHORT.plus(SHORT));
        }
        assertThat(halts).as("once").isEmpty();
    }

    @Test
    void aServiceThatHasEndedIsLeftAlone() {
        StopDeadline.Times times = new StopDeadline.Times(LONG, LONG, SHORT, LONG);
        try (StopDeadline deadline = new StopDeadline(times, halts::add)) {
            deadline.begin(StopDeadlineTest::nothing);
            deadline.begin(StopDeadlineTest::nothing);
        }
        StopDeadline unasked = new StopDeadline(TIMES, halts::add);
        unasked.hasten();
        unasked.close();
        unasked.begin(StopDeadlineTest::nothing); // too late to matter
        assertThat(halts).isEmpty();
    }

    @Test
    void aSecondSignalShortensALongGraceAndLengthensNone() throws Exception {
        try (StopDeadline deadline =
                new StopDeadline(new StopDeadline.Times(LONG, SHORT, SHORT, LONG), halts::add)) {
            deadline.begin(StopDeadlineTest::nothing);
            deadline.hasten();
            assertThat(halts.poll(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.LEAKED);
        }
        try (StopDeadline deadline =
                new StopDeadline(new StopDeadline.Times(SHORT, LONG, SHORT, LONG), halts::add)) {
            deadline.begin(StopDeadlineTest::nothing);
            deadline.hasten();
            assertThat(halts.poll(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.LEAKED);
        }
    }

    /** Its reader may be what does not answer. */
    @Test
    void aLogThatBlocksKeepsNoProcessAlive() throws Exception {
        BlockingQueue<String> never = new LinkedBlockingQueue<>();
        StopDeadline.Times times = new StopDeadline.Times(SHORT, SHORT, SHORT, SHORT);
        try (StopDeadline deadline = new StopDeadline(times, halts::add)) {
            deadline.begin(() -> {
                try {
                    return List.of(never.take());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return List.of();
                }
            });
            assertThat(halts.poll(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.LEAKED);
        }
        never.add("the thread ends with the test");
    }

    @Test
    void whatHasNotEndedIsNamedWithItsStack() throws Exception {
        ServiceSettings settings = ServiceSettingsReader.read("test.yaml",
                "network: {allowPrivateAddresses: true}\n".getBytes(UTF_8), Map.of());
        Service.Listening listening = Service.Listening.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (Site site = new Site("Docs");
                Service service = Service.open(settings, listening, data, Optional.empty())) {
            Thread runs = Thread.ofPlatform().name("service-under-test").start(() -> run(service));
            service.submit(site.job("/slow/").getBytes(UTF_8));
            await().until(() -> site.slowRequests.get() == 10);

            try (StopDeadline deadline = new StopDeadline(TIMES, halts::add)) {
                service.stop();
                deadline.begin(() -> {
                    List<String> lines = service.remaining();
                    said.add(lines);
                    return lines;
                });
                assertThat(halts.poll(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.LEAKED);
            }
            assertThat(String.join("\n", said.take())).contains("(test) is draining; its thread service-",
                    "    at fanout.app.service.run.CrawlRunner.run(", ": worker-", " does headers http://127.0.0.1:",
                    "service-under-test, which waits for them\n    at ");
            site.release.countDown();
            assertThat(runs.join(Duration.ofSeconds(20))).as("it ends at last").isTrue();
            assertThat(service.remaining()).filteredOn(line -> line.startsWith("crawl")).isEmpty();
        }
    }

    private static void run(Service service) {
        try {
            service.run(() -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the thread ends with it
        }
    }
}
