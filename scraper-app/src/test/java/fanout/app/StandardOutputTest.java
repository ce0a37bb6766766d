package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.terminal.StandardOutput;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command prints and cannot write. */
@Timeout(60)
class StandardOutputTest {

    private static final String FULL = "scraper: cannot write to standard output: No space left on device\n";

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    private int run(OutputStream out, String... words) {
        return Main.run(new StandardOutput(out, UTF_8), new PrintWriter(err, true), words);
    }

    private String job(Site site) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), site.job("/10.html")).toString();
    }

    @Test
    void aFullDiskIsSaidAndNoSuccess() throws IOException {
        try (Site site = new Site("Page"); OutputStream full = new FileOutputStream("/dev/full")) {
            String job = job(site);
            for (List<String> words : List.of(List.of("--version"), List.of("--help"), List.of("crawl", "--help"),
                    List.of("help"), List.of("schema"), List.of("completion"), List.of("validate", job),
                    List.of("try", job, site.url("/10.html")),
                    List.of("demo", "--progress", "none", "--output", folder.resolve("demo").toString()))) {
                err.getBuffer().setLength(0);
                assertThat(run(full, words.toArray(String[]::new))).as(words.toString()).isEqualTo(4);
                assertThat(err).as(words.toString()).hasToString(FULL);
            }
        }
    }

    @Test
    void aWorseCodeStays() throws IOException {
        try (Site site = new Site("Page"); OutputStream full = new FileOutputStream("/dev/full")) {
            assertThat(run(full, "try", job(site), site.url("/10.html"), "--set", "limits.maxDuration=1ms"))
                    .isEqualTo(3);
            assertThat(err).hasToString(FULL);
        }
    }

    @Test
    void whatIsWrittenIsASuccess() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(run(out, "--version")).isZero();

        assertThat(out.toString(UTF_8)).startsWith("scraper ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theProcessEndsWithTheCode() throws Exception {
        Path said = folder.resolve("stderr");
        Process schema =
                new ProcessBuilder(MainProcess.command("schema")).redirectOutput(Path.of("/dev/full").toFile())
                        .redirectError(said.toFile())
                        .start();

        assertThat(schema.waitFor()).isEqualTo(4);
        assertThat(said).hasContent(FULL);
    }

    @Test
    void aReaderThatHasLeftIsAnInterruptAndNoMessage() throws Exception {
        Path said = folder.resolve("stderr");
        Process schema = new ProcessBuilder(MainProcess.command("schema")).redirectError(said.toFile()).start();
        schema.getInputStream().close();

        assertThat(schema.waitFor()).isEqualTo(130);
        assertThat(said).hasContent("");
    }

    /** As head does. Each of these outputs is all that the process prints. */
    @ParameterizedTest
    @ValueSource(strings = {"pages", "items", "report"})
    void aCrawlWhoseReaderHasLeftIsInterrupted(String output) throws Exception {
        Path said = folder.resolve("stderr");
        try (Site site = new Site("Page")) {
            List<String> words = new ArrayList<>(List.of("crawl", job(site), "--progress=none"));
            for (String file : List.of("pages", "items", "report")) {
                words.add("--" + file + "=" + (file.equals(output) ? "-" : folder.resolve(file + ".jsonl").toString()));
            }
            Process crawl = new ProcessBuilder(MainProcess.command(words.toArray(String[]::new)))
                    .redirectError(said.toFile())
                    .start();
            crawl.getInputStream().close();

            assertThat(crawl.waitFor()).isEqualTo(130);
            // the JVM's
            assertThat(Files.readAllLines(said)).allMatch(line -> line.isEmpty() || line.startsWith("WARNING: "));
        }
    }

    @Test
    void aCrawlWhoseReaderLeavesIsDrained() throws Exception {
        Path report = folder.resolve("report.json");
        try (Site site = new Site("Page")) {
            String slow = site.job("/index.html").replace("delay: 0", "delay: 400ms");
            Path job = Files.writeString(folder.resolve("slow.yaml"), slow);
            Process crawl = new ProcessBuilder(MainProcess.command("crawl", job.toString(), "--progress=none",
                    "--pages=-", "--items=/dev/null", "--report=" + report))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader lines = crawl.inputReader(UTF_8)) {
                assertThat(lines.readLine()).contains("\"outcome\":\"ok\"");
            }

            assertThat(crawl.waitFor()).isEqualTo(130);
            assertThat(Files.readString(report)).contains("\"finishReason\" : \"interrupted\"");
        }
    }
}
