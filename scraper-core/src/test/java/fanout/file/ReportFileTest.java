package fanout.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.report.Accounting;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.Latency;
import fanout.report.FinishReason;
import fanout.report.LeakCheck;
import fanout.task.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {

    private static final CrawlReport REPORT = new CrawlReport("docs", FinishReason.MAX_DURATION,
            Instant.parse("2026-03-01T12:00:00.0005Z"), Duration.ofMillis(2500),
            new Accounting(15, 5, 4, 3, 2, 1, new TreeMap<>(Map.of("timeout", 3L, "robots", 2L, "deadline", 1L))), 10,
            11, 12,
            13, 14, 1500, new Auxiliary(1, 2), new Auxiliary(3, 4), new LeakCheck(0, 0, 0, 0, 6), 7,
            new Latency(Duration.ofNanos(1_234_567), Duration.ofMillis(2), Duration.ofMillis(3), Duration.ofMillis(40)),
            9,
            Map.of(Stage.HEADERS, 3L), Optional.empty());

    @TempDir
    private Path folder;

    @Test
    void aReportHasItsStableKeys() {
        Map<String, Object> json = Texts.object(Texts.utf8(ReportFile.bytes(REPORT)));

        assertThat(json).containsEntry("job", "docs")
                .containsEntry("finishReason", "maxDuration")
                .containsEntry("startedAt", "2026-03-01T12:00:00.000Z")
                .containsEntry("elapsedMs", 2500L)
                .containsEntry("accounting",
                        Map.of("discovered", 15L, "ok", 5L, "redirected", 4L, "failed", 3L, "skipped",
                                2L, "cancelled", 1L, "reasons", Map.of("timeout", 3L, "robots", 2L, "deadline", 1L)))
                .containsEntry("duplicates", 10L)
                .containsEntry("outOfScope", 11L)
                .containsEntry("dropped", 12L)
                .containsEntry("items", 13L)
                .containsEntry("itemsDropped", 14L)
                .containsEntry("bytes", 1500L)
                .containsEntry("auxiliary",
                        Map.of("robots", Map.of("ok", 1L, "failed", 2L), "sitemaps", Map.of("ok", 3L, "failed", 4L)))
                .containsEntry("leakCheck", Map.of("liveTasks", 0L, "activeConnections", 0L, "openBodies", 0L,
                        "heldLeases", 0L, "undeliveredResults", 6L))
                .containsEntry("abandonedLookups", 7L)
                .containsEntry("pagesPerSecond", 2.0)
                .containsEntry("latencyMs", Map.of("p50", 1.235, "p90", 2.0, "p99", 3.0, "max", 40.0))
                .containsEntry("peakInFlight", 9L)
                .containsEntry("failure", null);
        assertThat(json.get("deadlineExceeded"))
                .isEqualTo(Map.of("politeness", 0L, "robots", 0L, "dns", 0L, "connect", 0L,
                        "headers", 3L, "body", 0L, "memory", 0L, "parse", 0L, "sink", 0L));
    }

    @Test
    void aReportReplacesTheOldOneAndLeavesNothingElse() throws IOException {
        Path path = folder.resolve("new/report.json");
        ReportFile.prepare(path);
        ReportFile.write(REPORT, path);
        Files.writeString(path, "old");
        ReportFile.write(REPORT, path);

        assertThat(Files.readAllBytes(path)).isEqualTo(ReportFile.bytes(REPORT));
        try (var files = Files.list(path.getParent())) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aReportGoesWhereALinkPoints() throws IOException {
        Path target = Files.writeString(folder.resolve("target.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), target);

        ReportFile.write(REPORT, link);

        assertThat(link).isSymbolicLink();
        assertThat(Files.readAllBytes(target)).isEqualTo(ReportFile.bytes(REPORT));
    }

    @Test
    void aPlaceThatCannotHoldAReportIsKnownBeforeTheCrawl() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "a file");

        assertThatThrownBy(() -> ReportFile.prepare(plain.resolve("report.json"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ReportFile.prepare(folder)).isInstanceOf(IOException.class)
                .hasMessageContaining("folder");
    }

    @Test
    void aFullDiskIsAnException() {
        assertThatThrownBy(() -> ReportFile.write(REPORT, Path.of("/dev/full"))).isInstanceOf(IOException.class);
    }
}
