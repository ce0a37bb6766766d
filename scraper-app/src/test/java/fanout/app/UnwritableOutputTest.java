package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Outputs that cannot be written. */
@Timeout(60)
class UnwritableOutputTest {

    @TempDir
    private Path folder;

    private Site site;
    private CommandRun command;

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        site = new Site("Page \u001b[31m\u202e");
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Test
    void theJobsOwnFileIsNoOutput() throws IOException {
        assertThat(command.crawl(site.job("/index.html"), "--report", folder.resolve("job.yaml").toString()))
                .isEqualTo(2);

        assertThat(command.err()).contains("the job's own file cannot be an output");
        assertThat(Files.readString(folder.resolve("job.yaml"))).startsWith("name:");
    }

    @Test
    void twoOutputsThatMeetInOneFileAreRefusedByEveryCommand() throws IOException {
        Files.createSymbolicLink(folder.resolve("far.jsonl"), Path.of("near.jsonl"));
        Files.createSymbolicLink(folder.resolve("near.jsonl"), Path.of("pages.jsonl"));
        String far = folder.resolve("far.jsonl").toString();

        assertThat(command.crawl(site.job("/slow/"), "--pages", "-", "--items", "/dev/stdout")).isEqualTo(2);
        assertThat(command.crawl(site.job("/slow/"), "--items", far)).isEqualTo(2);
        assertThat(command.run("validate", folder.resolve("job.yaml").toString(), "--set",
                "output.pages=" + folder.resolve("pages.jsonl"), "--set", "output.items=" + far)).isEqualTo(2);

        assertThat(command.err().lines()).containsExactly(
                "--items /dev/stdout: items and pages are both written to \"/dev/stdout\"",
                "--items " + far + ": items and pages are both written to \"" + far + "\"",
                "--set output.items: items and pages are both written to \"" + far + "\"");
        assertThat(folder.resolve("report.json")).doesNotExist();
    }

    @Test
    void anUnwritableOutputFailsBeforeAnyFetchAndIsReported() throws IOException {
        Files.writeString(folder.resolve("file"), "no folder");

        int code =
                command.crawl(site.job("/slow/index.html"), "--pages", folder.resolve("file/pages.jsonl").toString());

        assertThat(code).isEqualTo(4);
        assertThat(site.slowRequests).hasValue(0);
        assertThat(command.report().at("/finishReason").asString()).isEqualTo("failed");
        String reason = "cannot write " + folder.resolve("file/pages.jsonl") + ": " + folder.resolve("file")
                + " is a file, not a directory";
        assertThat(command.report().at("/failure").asString()).contains(reason);
        assertThat(command.err().lines()).containsExactly("scraper: " + reason);
    }

    @Test
    void aFullDiskFailsTheCrawlAndTheReportSaysHowMuchIsMissing() throws IOException {
        int code = command.crawl(site.job("/index.html"), "--pages", "/dev/full");

        assertThat(code).isEqualTo(4);
        JsonNode report = command.report();
        assertThat(report.at("/finishReason").asString()).isEqualTo("failed");
        assertThat(report.at("/leakCheck/undeliveredResults").asInt())
                .isEqualTo(report.at("/accounting/discovered").asInt())
                .isPositive();
        assertThat(report.at("/failure").asString()).contains("cannot write /dev/full: no space left on device");
        assertThat(command.err().lines()).contains("cannot write /dev/full: no space left on device",
                "  11 results may be missing in the files", "  report  " + folder.resolve("report.json"));
    }

    @Test
    @DisabledIfSystemProperty(named = "fanout.mutants", matches = "true",
            disabledReason = "a mutant may replace the device")
    void aReportThatIsNotThereIsNotListed() throws IOException {
        assertThat(command.crawl(site.job("/index.html"), "--report", "/dev/full")).isEqualTo(4);

        assertThat(command.err().lines()).contains("scraper: cannot write /dev/full: no space left on device",
                "  report  not written").doesNotContain("  report  /dev/full");
        assertThat(command.rows("pages.jsonl")).hasSize(11);
    }

    @Test
    void aFailureIsNotSilentWithoutProgress() throws IOException {
        assertThat(command.crawl(site.job("/index.html"), "--pages", "/dev/full", "--progress", "none")).isEqualTo(4);

        assertThat(command.err().lines())
                .containsExactly("scraper: cannot write /dev/full: no space left on device");
    }

    @Test
    void aReportThatCannotBeWrittenFailsBeforeAnyFetch() throws IOException {
        assertThat(command.crawl(site.job("/slow/index.html"), "--report", folder.toString())).isEqualTo(4);
        assertThat(site.slowRequests).hasValue(0);
        assertThat(command.err()).isEqualTo("scraper: cannot write " + folder + ": it is a directory\n");
    }
}
