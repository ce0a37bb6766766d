package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    private Process process;

    @BeforeEach
    void openSite() throws IOException {
        site = new Site("Page");
    }

    @AfterEach
    void closeAll() {
        if (process != null) {
            process.destroyForcibly();
        }
        site.close();
    }

    @Test
    void aFirstSignalDrainsAndEverythingIsWritten() throws Exception {
        start(site.job("/slow/") + "concurrency: 4\n");
        await().untilAtomic(site.slowRequests, is(4));

        signal("INT");
        await().until(() -> stderr().contains("fetches in flight may finish"));
        site.release.countDown();

        assertThat(exitCode()).as(stderr()).isEqualTo(130);
        assertThat(site.slowRequests).as("none was started after the signal").hasValue(4);
        JsonNode report = report();
        assertThat(report.at("/finishReason").asString()).isEqualTo("interrupted");
        assertThat(report.at("/accounting/ok").asInt()).isEqualTo(5);
        assertThat(report.at("/accounting/cancelled").asInt()).isEqualTo(6);
        assertThat(report.at("/accounting/reasons/interrupted").asInt()).isEqualTo(6);
        assertThat(Files.readAllLines(folder.resolve("pages.jsonl"))).hasSize(11);
    }

    @Test
    void aSecondSignalEndsTheNetworkAtOnceAndEverythingIsWritten() throws Exception {
        start(site.job("/slow/"));
        await().untilAtomic(site.slowRequests, is(10));

        signal("TERM");
        await().until(() -> stderr().contains("fetches in flight may finish"));
        signal("INT");

        assertThat(exitCode()).as(stderr()).isEqualTo(130);
        assertThat(stderr()).contains("scraper: stopping: fetches in flight are given up");
        assertThat(report().at("/accounting/ok").asInt()).isEqualTo(1);
        assertThat(report().at("/accounting/cancelled").asInt()).isEqualTo(10);
        assertThat(Files.readAllLines(folder.resolve("pages.jsonl"))).hasSize(11);
    }

    @Test
    void aSignalBeforeTheFirstFetchEndsInOrder() throws Exception {
        start(site.job("/slow/"));
        await().until(() -> Files.exists(folder.resolve("pages.jsonl")));

        signal("TERM");

        assertThat(exitCode()).as(stderr()).isEqualTo(130);
        assertThat(report().at("/finishReason").asString()).isEqualTo("interrupted");
    }

    @Test
    void aThirdSignalHalts() throws Exception {
        start(site.job("/slow/"), "--pages", "-"); // standard output is not read, but it is small
        await().untilAtomic(site.slowRequests, is(10));

        signal("INT");
        await().until(() -> stderr().contains("may finish"));
        signal("INT");
        signal("INT");
        signal("INT");

        assertThat(exitCode()).isEqualTo(130);
    }

    /** A shell starts a script's background jobs so; Ctrl-C in the terminal is not meant for them. */
    @Test
    void aProcessStartedWithSigintIgnoredGoesOnAndSigtermDrainsIt() throws Exception {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        words.addAll(command(file(site.job("/slow/"))));
        launch(words, "");
        await().untilAtomic(site.slowRequests, is(10));

        signal("INT");
        signal("TERM");
        await().until(() -> stderr().contains("fetches in flight may finish"));
        site.release.countDown();

        assertThat(exitCode()).as(stderr()).isEqualTo(130);
        assertThat(stderr()).doesNotContain("given up");
        assertThat(report().at("/accounting/ok").asInt()).isEqualTo(11);
    }

    @Test
    void aReaderThatStallsCostsTheFlushTimeoutAndThenItsResults() throws Exception {
        site.close();
        site = new Site("a long title ".repeat(2000)); // eleven of them are more than a pipe holds
        start(site.job("/"), "--pages", "-", "--set", "output.flushTimeout=200ms");

        assertThat(exitCode()).as(stderr()).isEqualTo(4);
        assertThat(report().at("/leakCheck/undeliveredResults").asInt()).isPositive();
        assertThat(report().at("/finishReason").asString()).isEqualTo("failed");
    }

    @Test
    void aReaderThatLeavesFailsTheCrawl() throws Exception {
        start(site.job("/"), "--pages", "-");
        process.getInputStream().close();

        assertThat(exitCode()).as(stderr()).isEqualTo(4);
        assertThat(report().at("/failure").asString()).contains("pipe");
    }

    @Test
    void theJobMayComeFromStandardInputAndPagesGoToStandardOutput() throws Exception {
        launch(command("-", "--pages", "-"), site.job("/"));
        String pages;
        try (InputStream stdout = process.getInputStream()) {
            pages = new String(stdout.readAllBytes(), UTF_8);
        }

        assertThat(exitCode()).as(stderr()).isZero();
        assertThat(pages.lines().map(JSON::readTree)).hasSize(11);
    }

    /** Looks often: what a test waits for takes less time than Awaitility's usual pause. */
    private static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    private void start(String job, String... options) throws IOException, InterruptedException {
        launch(DefaultSignals.restoredFor(command(file(job), options)), "");
    }

    private String file(String job) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), job).toString();
    }

    private List<String> command(String file, String... options) {
        List<String> words = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "--enable-preview", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "fanout.app.Main",
                "crawl", file));
        for (String name : List.of("pages", "items")) {
            words.addAll(List.of("--set", "output." + name + "=" + folder.resolve(name + ".jsonl")));
        }
        words.addAll(List.of("--report", folder.resolve("report.json").toString()));
        words.addAll(List.of(options));
        return words;
    }

    private void launch(List<String> command, String stdin) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile());
        builder.environment().remove("TERM"); // no terminal here, and no need to look for one
        process = builder.start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(stdin.getBytes(UTF_8));
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
        return process.exitValue();
    }

    private String stderr() throws IOException {
        return Files.readString(folder.resolve("stderr"));
    }

    private JsonNode report() throws IOException {
        return JSON.readTree(Files.readString(folder.resolve("report.json")));
    }
}
