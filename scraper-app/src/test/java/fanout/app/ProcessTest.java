package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command as a process of its own: signals, pipes, exit codes. */
@Timeout(120)
class ProcessTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openSite() throws IOException {
        site = new Site("Page");
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Test
    void aFirstSignalDrainsAndEverythingIsWritten() throws Exception {
        try (CommandProcess command = CommandProcess.start(folder, site.job("/slow/") + "concurrency: 4\n")) {
            await().untilAtomic(site.slowRequests, is(4));

            command.signal("INT");
            await().until(() -> command.stderr().contains("fetches in flight may finish"));
            site.release.countDown();

            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(130);
            assertThat(site.slowRequests).as("none was started after the signal").hasValue(4);
            JsonNode report = command.report();
            assertThat(report.at("/finishReason").asString()).isEqualTo("interrupted");
            assertThat(report.at("/accounting/ok").asInt()).isEqualTo(5);
            assertThat(report.at("/accounting/cancelled").asInt()).isEqualTo(6);
            assertThat(report.at("/accounting/reasons/interrupted").asInt()).isEqualTo(6);
            assertThat(Files.readAllLines(folder.resolve("pages.jsonl"))).hasSize(11);
        }
    }

    @Test
    void aSecondSignalEndsTheNetworkAtOnceAndEverythingIsWritten() throws Exception {
        try (CommandProcess command = CommandProcess.start(folder, site.job("/slow/"))) {
            await().untilAtomic(site.slowRequests, is(10));

            command.signal("TERM");
            await().until(() -> command.stderr().contains("fetches in flight may finish"));
            command.signal("INT");

            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(130);
            assertThat(command.stderr()).contains("scraper: stopping: fetches in flight are given up");
            assertThat(command.report().at("/accounting/ok").asInt()).isEqualTo(1);
            assertThat(command.report().at("/accounting/cancelled").asInt()).isEqualTo(10);
            assertThat(Files.readAllLines(folder.resolve("pages.jsonl"))).hasSize(11);
        }
    }

    @Test
    void aSignalBeforeTheFirstFetchEndsInOrder() throws Exception {
        try (CommandProcess command = CommandProcess.start(folder, site.job("/slow/"))) {
            await().until(() -> Files.exists(folder.resolve("pages.jsonl")));

            command.signal("TERM");

            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(130);
            assertThat(command.report().at("/finishReason").asString()).isEqualTo("interrupted");
        }
    }

    /** Results that the reader does not take would hold the process for the flush timeout, which is 30 seconds. */
    @Test
    void aThirdSignalHalts() throws Exception {
        openSiteWithLongTitles();
        try (CommandProcess command = CommandProcess.start(folder, site.job("/"), "--pages", "-")) {
            await().until(() -> command.stdout().available() > 0);

            command.signal("INT");
            await().until(() -> command.stderr().contains("fetches in flight may finish"));
            command.signal("INT");
            await().until(() -> command.stderr().contains("fetches in flight are given up"));
            command.signal("INT");

            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(130);
            assertThat(folder.resolve("report.json")).doesNotExist();
        }
    }

    /** A shell starts a script's background jobs so; Ctrl-C in the terminal is not meant for them. */
    @Test
    void aProcessStartedWithSigintIgnoredGoesOnAndSigtermDrainsIt() throws Exception {
        try (CommandProcess command = CommandProcess.startIgnoring("INT", folder, site.job("/slow/"))) {
            await().untilAtomic(site.slowRequests, is(10));

            command.signal("INT");
            command.signal("TERM");
            await().until(() -> command.stderr().contains("fetches in flight may finish"));
            site.release.countDown();

            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(130);
            assertThat(command.stderr()).doesNotContain("given up");
            assertThat(command.report().at("/accounting/ok").asInt()).isEqualTo(11);
        }
    }

    @Test
    void aPipeWithoutAReaderIsSaidAndTheFirstSignalEndsTheWait() throws Exception {
        Path pipe = pipe("pipe");
        try (CommandProcess command = CommandProcess.start(folder, site.job("/slow/"), "--pages", pipe.toString())) {
            String waiting = "waiting for a reader of the pipe " + pipe;
            await().until(() -> command.stderr().contains(waiting));

            command.signal("INT");

            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(130);
            assertThat(command.stderr().lines())
                    .containsExactly(waiting, "scraper: interrupted while opening " + pipe);
            assertThat(command.report().at("/finishReason").asString()).isEqualTo("interrupted");
            assertThat(command.report().at("/failure").isNull()).isTrue();
            assertThat(site.slowRequests).hasValue(0);
        }
    }

    @Test
    void aReaderThatComesLateGetsEveryPage() throws Exception {
        Path pipe = pipe("pipe");
        try (CommandProcess command = CommandProcess.start(folder, site.job("/"), "--pages", pipe.toString())) {
            await().until(() -> command.stderr().contains("waiting for a reader of the pipe"));

            assertThat(Files.readAllLines(pipe)).hasSize(11);

            assertThat(command.exitCode()).as(command.stderr()).isZero();
        }
    }

    @Test
    void theReportMayGoToAPipeWhoseReaderComesLate() throws Exception {
        Path pipe = pipe("report.json");
        try (CommandProcess command = CommandProcess.start(folder, site.job("/"))) {
            await().until(() -> command.stderr().contains("waiting for a reader of the pipe " + pipe));

            assertThat(JSON.readTree(Files.readString(pipe)).at("/accounting/ok").asInt()).isEqualTo(11);

            assertThat(command.exitCode()).as(command.stderr()).isZero();
        }
    }

    private Path pipe(String name) throws IOException, InterruptedException {
        Path pipe = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        return pipe;
    }

    @Test
    void aTerminalThatClosesDrainsTheCrawl() throws Exception {
        try (CommandProcess command = CommandProcess.start(folder, site.job("/slow/") + "concurrency: 4\n")) {
            await().untilAtomic(site.slowRequests, is(4));

            command.signal("HUP");
            await().until(() -> command.stderr().contains("fetches in flight may finish"));
            site.release.countDown();

            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(130);
            assertThat(command.report().at("/finishReason").asString()).isEqualTo("interrupted");
            assertThat(command.report().at("/accounting/ok").asInt()).isEqualTo(5);
            assertThat(Files.readAllLines(folder.resolve("pages.jsonl"))).hasSize(11);
        }
    }

    @Test
    void aProcessStartedByNohupGoesOnWithoutItsTerminal() throws Exception {
        try (CommandProcess command = CommandProcess.startIgnoring("HUP", folder, site.job("/slow/"))) {
            await().untilAtomic(site.slowRequests, is(10));

            command.signal("HUP");
            site.release.countDown();

            assertThat(command.exitCode()).as(command.stderr()).isZero();
            assertThat(command.report().at("/finishReason").asString()).isEqualTo("exhausted");
        }
    }

    @Test
    void aReaderThatStallsCostsTheFlushTimeoutAndThenItsResults() throws Exception {
        openSiteWithLongTitles();
        try (CommandProcess command = CommandProcess.start(folder, site.job("/"), "--pages", "-", "--set",
                "output.flushTimeout=200ms")) {
            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(4);
            assertThat(command.report().at("/leakCheck/undeliveredResults").asInt()).isPositive();
            assertThat(command.report().at("/finishReason").asString()).isEqualTo("failed");
        }
    }

    @Test
    void aReaderThatLeavesDrainsTheCrawl() throws Exception {
        try (CommandProcess command = CommandProcess.start(folder, site.job("/"), "--pages", "-")) {
            command.stdout().close();

            assertThat(command.exitCode()).as(command.stderr()).isEqualTo(130);
            assertThat(command.report().at("/failure").isNull()).isTrue();
        }
    }

    @Test
    void theJobMayComeFromStandardInputAndPagesGoToStandardOutput() throws Exception {
        try (CommandProcess command = CommandProcess.startWithInput(folder, site.job("/"), "--pages", "-")) {
            String pages;
            try (InputStream stdout = command.stdout()) {
                pages = new String(stdout.readAllBytes(), UTF_8);
            }

            assertThat(command.exitCode()).as(command.stderr()).isZero();
            assertThat(pages.lines().map(JSON::readTree)).hasSize(11);
        }
    }

    @Test
    void aSecondCrawlOfTheSameOutputIsRefusedBeforeItFetches() throws Exception {
        try (CommandProcess first = CommandProcess.start(folder, site.job("/slow/"))) {
            await().untilAtomic(site.slowRequests, is(10));
            CommandRun second = new CommandRun(folder);

            int code =
                    second.crawl(site.job("/slow/"), "--items", folder.resolve("others.jsonl").toString(), "--report",
                            folder.resolve("second.json").toString(), "--set", "output.journal=null");

            assertThat(code).as(second.err()).isEqualTo(4);
            String reason = "cannot write " + folder.resolve("pages.jsonl") + ": another crawl is writing it";
            assertThat(second.err()).isEqualTo("scraper: " + reason + "\n");
            assertThat(JSON.readTree(folder.resolve("second.json")).at("/failure").asString()).contains(reason);
            site.release.countDown();
            assertThat(first.exitCode()).as(first.stderr()).isZero();
            assertThat(site.slowRequests).as("of the first").hasValue(10);
            assertThat(Files.readAllLines(folder.resolve("pages.jsonl"))).hasSize(11)
                    .allSatisfy(line -> assertThat(JSON.readTree(line).isObject()).isTrue());
        }
    }

    /** Eleven of them are more than a pipe holds. */
    private void openSiteWithLongTitles() throws IOException {
        site.close();
        site = new Site("a long title ".repeat(2000));
    }

    /** Looks often: what a test waits for takes less time than Awaitility's usual pause. */
    private static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }
}
