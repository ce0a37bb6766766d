package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.metrics.JobRegistries;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.RunEnds;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What the start of a service makes of folders that say more than the history: each figure has a number of its own. */
class FoundCrawlsTest {

    /** It begins with the time at which the crawl was created. */
    private static final String ID = "0mjwaidke00000000";
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String REPORT = """
            {"job": "reported", "finishReason": "%s", "startedAt": "2026-01-02T04:00:00Z", "elapsedMs": 114500,
             "accounting": {"discovered": 101, "ok": 106, "redirected": 107, "failed": 108, "skipped": 109,
              "cancelled": 110, "reasons": {"circuit_open": 7}},
             "items": 111, "bytes": 112, "pagesPerSecond": 0.926, "failure": "%s"}""";
    private static final String FIGURES = """
            {"discovered":101,"ok":106,"redirected":107,"failed":108,"skipped":109,"cancelled":110,"items":111,\
            "bytes":112,"inFlight":0,"ready":0,"delayed":0,"hosts":0,"pagesPerSecond":0.926,"elapsedMs":114500,\
            "deadlineRemainingMs":0,"lastFailure":null,"reasons":{"circuit_open":7}}""";
    private static final Instant LEAST = Instant.parse("2026-01-02T04:01:54.500Z");

    @TempDir
    private Path path;

    private final JobRegistries registries = new JobRegistries(5, _ -> {});
    private final LiveCrawls live = new LiveCrawls(registries);
    private final CrawlQueue queue = new CrawlQueue(1);
    private DataFolder data;
    private CrawlFolder folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void open() throws IOException {
        log.start();
        logger().addAppender(log);
        data = DataFolder.open(path);
        folder = data.crawl(ID);
        Files.createDirectory(folder.path());
        Files.writeString(folder.job(), "name: given\nstartUrls: [\"http://127.0.0.1/\"]\n");
    }

    @AfterEach
    void close() throws IOException {
        logger().detachAppender(log);
        registries.close();
        data.close();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("scraper.crawls");
    }

    private CrawlRecord found() throws IOException {
        new FoundCrawls(data, new StoredJobs(data, ServiceSettingsReader.standard().bounds())).run();
        return data.history().find(ID).orElseThrow();
    }

    private void report(String reason, String failure, Instant written) throws IOException {
        Files.writeString(folder.report(), REPORT.formatted(reason, failure));
        Files.setLastModifiedTime(folder.report(), FileTime.from(written));
    }

    @ParameterizedTest
    @CsvSource({"exhausted, FINISHED", "maxPages, FINISHED", "maxDuration, FINISHED", "interrupted, CANCELLED",
        "failed, FAILED"})
    void aCrawlHasEndedAsItsReportSays(String reason, CrawlState state) throws IOException {
        report(reason, "the disk", Instant.parse("2026-01-02T05:00:00Z"));
        CrawlRecord found = found();
        assertThat(found.state()).isEqualTo(state);
        assertThat(found.name()).isEqualTo("reported");
        assertThat(found.json()).isFalse();
        assertThat(found.createdAt()).isEqualTo(CREATED);
        assertThat(found.startedAt()).contains(Instant.parse("2026-01-02T04:00:00Z"));
        assertThat(found.finishedAt()).contains(Instant.parse("2026-01-02T05:00:00Z"));
        assertThat(found.finishReason()).contains(reason);
        assertThat(found.failure()).contains("the disk");
        assertThat(found.progress()).contains(FIGURES);
        assertThat(found.bytes()).isEqualTo(folder.bytes()).isPositive();
    }

    /** A copy may have lost the time of its files, and retention would delete it. */
    @Test
    void aCrawlHasEndedNoEarlierThanItsReportSays() throws IOException {
        report("exhausted", "", Instant.EPOCH);
        CrawlRecord found = found();
        assertThat(found.finishedAt()).contains(LEAST);
        assertThat(found.failure()).as("an empty one is none").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true, RUNNING", "false, QUEUED"})
    void aReportOfNoKnownReasonIsNoEnd(boolean journal, CrawlState state) throws IOException {
        report("unheard-of", "", Instant.EPOCH);
        if (journal) {
            Files.createFile(folder.journal());
        }
        CrawlRecord found = found();
        assertThat(found.state()).isEqualTo(state);
        assertThat(found.finishedAt()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"pages.jsonl, false, LOST", "items.jsonl, false, LOST", "series.json, false, LOST",
        "limits.json, false, LOST", "pages.jsonl, true, RUNNING", "other, false, QUEUED", "other, true, RUNNING"})
    void withoutAReportItsOtherFilesSayHowFarItCame(String file, boolean journal, CrawlState state)
            throws IOException {
        Files.writeString(folder.path().resolve(file), "{}");
        if (journal) {
            Files.createFile(folder.journal());
        }
        CrawlRecord found = found();
        assertThat(found.state()).isEqualTo(state);
        assertThat(found.name()).isEqualTo("given");
        assertThat(found.createdAt()).isEqualTo(CREATED);
        assertThat(found.startedAt()).isEqualTo(Optional.of(CREATED).filter(_ -> state == CrawlState.RUNNING));
        assertThat(found.failure().isPresent()).isEqualTo(state == CrawlState.LOST);
        assertThat(found.bytes()).isEqualTo(state == CrawlState.LOST ? folder.bytes() : 0);
    }

    @Test
    void aLostCrawlHasEndedWhenItsLastLineWasWritten() throws IOException {
        Files.writeString(folder.pages(), "{}\n");
        Instant written = Instant.parse("2026-01-02T05:00:00Z");
        Files.setLastModifiedTime(folder.pages(), FileTime.from(written));
        assertThat(found().finishedAt()).contains(written);
    }

    /** The configuration may refuse by now what it took then. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name: old             | old     | false
            `name: "a-b_1"`       | a-b_1   | false
            {"name": "of-json"}   | of-json | true
            names: [old]          | unknown | false
            """)
    void aJobThatIsNotValidHereKeepsItsName(String job, String name, boolean json) throws IOException {
        Files.writeString(folder.job(), job);
        CrawlRecord found = found();
        assertThat(found.name()).isEqualTo(name);
        assertThat(found.json()).isEqualTo(json);
    }

    @Test
    void aFolderWithoutAJobIsSetAside() throws IOException {
        Files.delete(folder.job());
        new FoundCrawls(data, new StoredJobs(data, ServiceSettingsReader.standard().bounds())).run();
        assertThat(data.history().find(ID)).isEmpty();
        assertThat(path.resolve("orphaned").resolve(ID)).isDirectory();
        assertThat(data.folders()).isEmpty();
    }

    @Test
    void aReportWithoutTheNameOfItsJobHasThatOfTheJob() throws IOException {
        report("exhausted", "", Instant.EPOCH);
        Files.writeString(folder.report(), Files.readString(folder.report()).replace("reported", ""));
        assertThat(found().name()).isEqualTo("given");
    }

    /** A service that did not start would be of no use for all the other crawls. */
    @ParameterizedTest
    @CsvSource({"2026-01-02T04:00:00Z, 9223372036854775807, 9999-12-31T23:59:59.999Z",
        "2026-01-02T04:00:00Z, -9223372036854775808, 2026-01-02T05:00:00Z",
        "+999999999-12-31T23:59:59Z, 1, 2026-01-02T05:00:00.001Z",
        "-999999999-01-01T00:00:00Z, 1, 2026-01-02T05:00:00.001Z"})
    void timesOfAReportThatCannotBeDoNotEndTheStart(String started, String elapsed, Instant finished)
            throws IOException {
        report("exhausted", "", Instant.parse("2026-01-02T05:00:00Z"));
        Files.writeString(folder.report(), Files.readString(folder.report())
                .replace("2026-01-02T04:00:00Z", started)
                .replace("114500", elapsed));
        Files.setLastModifiedTime(folder.report(), FileTime.from(Instant.parse("2026-01-02T05:00:00Z")));
        assertThat(found().finishedAt()).contains(finished);
    }

    @Test
    void aNameInAReportThatNoJobCanHaveIsNotTaken() throws IOException {
        report("exhausted", "", Instant.EPOCH);
        Files.writeString(folder.report(), Files.readString(folder.report()).replace("reported", "a\\nb"));
        assertThat(found().name()).isEqualTo("given");
    }

    @Test
    void aJobOfEmptyLinesDoesNotHoldTheStart() throws IOException {
        Files.writeString(folder.job(), "x: [" + "\n".repeat(500_000) + "\nname: last");
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), this::found).name()).isEqualTo("last");
    }

    @Test
    void filesThatAreTooLargeAreNotRead() throws IOException {
        try (FileChannel job = FileChannel.open(folder.job(), StandardOpenOption.WRITE)) {
            job.write(ByteBuffer.wrap(new byte[1]), 3L << 30); // a hole, which takes nothing
        }
        new FoundCrawls(data, new StoredJobs(data, ServiceSettingsReader.standard().bounds())).run();
        assertThat(data.history().find(ID)).isEmpty();
        assertThat(folder.job()).exists();

        Files.writeString(folder.job(), "name: given");
        try (FileChannel report = FileChannel.open(folder.report(), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            report.write(ByteBuffer.wrap(new byte[1]), 3L << 30);
        }
        assertThat(found().state()).isEqualTo(CrawlState.QUEUED);
    }

    /** What an earlier process had begun to delete goes, and is told as gone; others may not read what stays. */
    @Test
    void aDeletionThatHadBegunIsEnded() throws IOException {
        String deleted = "%017d".formatted(2);
        Path half = Files.createDirectory(path.resolve("crawls").resolve(deleted + ".deleted"));
        Files.writeString(half.resolve("pages.jsonl"), "{}\n");
        data.history().add(CrawlRecord.submitted(deleted, "gone", false, CREATED));
        data.history()
                .ended(deleted, new CrawlEnd(CrawlState.FINISHED, CREATED, Optional.empty(), Optional.empty(),
                        Optional.empty(), 0));
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
        found();
        assertThat(half).doesNotExist();
        assertThat(data.history().find(deleted)).isEmpty();
        assertThat(log.list).singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEqualTo("crawl " + deleted + " of gone: deleted: an earlier process had begun to");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path()))).isEqualTo("rwx------");
    }

    private void recover() throws IOException {
        RunEnds ends = new RunEnds(data.history(), live, registries);
        Crawls crawls = new Crawls(data, ServiceSettingsReader.standard().bounds(), queue, live, ends,
                new Readers(1, 1));
        new Recovery(data, crawls, queue, live, ends, true).run();
    }

    /** It may be what ends the service: after two such ends a person decides. */
    @ParameterizedTest
    @CsvSource({"0, QUEUED, 1, resumed by the start of the service", "1, HELD, 2, held: it was running both times"})
    void aCrawlThatRanAtAnUncleanEndResumesOnce(int before, CrawlState state, int after, String said)
            throws IOException {
        data.history().add(CrawlRecord.submitted(ID, "given", false, CREATED));
        data.history().requeued(ID, before);
        data.history().started(ID, CREATED);
        Files.createFile(folder.journal());

        recover();

        CrawlRecord kept = data.history().find(ID).orElseThrow();
        assertThat(kept.state()).isEqualTo(state);
        assertThat(kept.ends().unclean()).isEqualTo(after);
        assertThat(live.find(ID).orElseThrow().state()).isEqualTo(state);
        assertThat(queue.size()).isEqualTo(state == CrawlState.QUEUED ? 1 : 0);
        assertThat(log.list).singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage())
                        .startsWith("crawl " + ID + " of given: " + said));
    }

    /** A service that stopped has interrupted it, or a person was cancelling it: its report is not its end. */
    @ParameterizedTest
    @CsvSource({"false, QUEUED, none", "true, CANCELLED, the service ended while the crawl was being cancelled"})
    void aCrawlThatWasInterruptedWhileItWasDrainedHasNotEnded(boolean wanted, CrawlState state, String failure)
            throws IOException {
        data.history().add(CrawlRecord.submitted(ID, "given", false, CREATED));
        data.history().started(ID, CREATED);
        data.history().draining();
        if (wanted) {
            data.history().endWanted(ID);
        }
        Files.createFile(folder.journal());
        report("interrupted", "", CREATED);

        recover();

        CrawlRecord kept = data.history().find(ID).orElseThrow();
        assertThat(kept.state()).isEqualTo(state);
        assertThat(kept.failure().orElse("none")).isEqualTo(failure);
        assertThat(kept.progress()).as("of the report, if it has ended")
                .isEqualTo(
                        wanted ? Optional.of(FIGURES) : Optional.empty());
    }

    /** The last figures are those of a crawl that ran. */
    @Test
    void nothingOfACrawlThatACrashHasEndedIsQueuedOrInFlight() throws IOException {
        data.history().add(CrawlRecord.submitted(ID, "given", false, CREATED));
        data.history().started(ID, CREATED);
        data.history().endWanted(ID);
        data.history()
                .progressed(ID, "{\"discovered\":9,\"ok\":4,\"failed\":1,\"inFlight\":2,\"ready\":1,"
                        + "\"delayed\":1,\"hosts\":3,\"pagesPerSecond\":0.5,\"deadlineRemainingMs\":77,"
                        + "\"lastFailure\":null}");
        Files.createFile(folder.journal());

        recover();

        CrawlRecord kept = data.history().find(ID).orElseThrow();
        assertThat(kept.state()).isEqualTo(CrawlState.CANCELLED);
        assertThat(kept.progress()).contains("{\"discovered\":9,\"ok\":4,\"failed\":1,\"inFlight\":0,\"ready\":0,"
                + "\"delayed\":0,\"hosts\":3,\"pagesPerSecond\":0.5,\"deadlineRemainingMs\":77,\"lastFailure\":null}");
    }

    @Test
    void whatALostCrawlHadWrittenEndsWithAWholeLine() throws IOException {
        data.history().add(CrawlRecord.submitted(ID, "given", false, CREATED));
        data.history().started(ID, CREATED);
        Files.writeString(folder.pages(), "{}\n{\"url");
        Files.writeString(folder.items(), "{}\n{}\n{\"x");

        recover();

        assertThat(data.history().find(ID).orElseThrow().state()).isEqualTo(CrawlState.LOST);
        assertThat(Files.readString(folder.pages())).isEqualTo("{}\n");
        assertThat(Files.readString(folder.items())).isEqualTo("{}\n{}\n");
    }

    @Test
    void aCrawlWhoseFilesCannotBeUsedIsLost() throws IOException {
        data.history().add(CrawlRecord.submitted(ID, "given", false, CREATED));
        data.history().started(ID, CREATED);
        Files.createDirectories(folder.pages().resolve("no-lines"));

        recover();

        CrawlRecord kept = data.history().find(ID).orElseThrow();
        assertThat(kept.state()).isEqualTo(CrawlState.LOST);
        assertThat(kept.failure().orElse("")).startsWith("its files cannot be used: ");
        assertThat(ended("given", "lost")).endsWith(": 1.0");
    }

    @Test
    void aCrawlInPlaceOfWhoseFolderIsAFileIsLost() throws IOException {
        data.history().add(CrawlRecord.submitted(ID, "given", false, CREATED));
        data.history().started(ID, CREATED);
        Files.delete(folder.job());
        Files.delete(folder.path());
        Files.writeString(folder.path(), "a file");

        recover();

        CrawlRecord kept = data.history().find(ID).orElseThrow();
        assertThat(kept.state()).isEqualTo(CrawlState.LOST);
        assertThat(kept.failure().orElse("")).startsWith("its files cannot be used: ");
        assertThat(folder.path()).hasContent("a file");
    }

    private String ended(String job, String result) {
        return "result " + result + " of " + job + ": "
                + registries.ofJob(job).get("scraper.crawls.ended").tag("result", result).counter().count();
    }

    /**
     * A process may end after the report, and before the history has the end. Of 221 URLs 115 have failed, or were
     * given up, which is more than 52 %. A job that lets 101 % fail is not valid any more.
     */
    @ParameterizedTest
    @CsvSource({"exhausted, 106, 53, success", "exhausted, 106, 52, too_many_failed", "maxPages, 106, 100, success",
        "exhausted, 106, 101, success", "exhausted, 0, 10, no_results", "maxDuration, 106, 53, deadline",
        "maxDuration, 106, 52, too_many_failed", "maxDuration, 0, 100, deadline",
        "interrupted, 106, 10, cancelled", "failed, 106, 10, error"})
    void anEndThatOnlyTheReportKnowsIsToldAsItWas(String reason, String ok, int mostFailed, String result)
            throws IOException {
        Files.writeString(folder.job(), "limits: {maxFailedPercent: " + mostFailed + "}\n", StandardOpenOption.APPEND);
        data.history().add(CrawlRecord.submitted(ID, "given", false, CREATED));
        data.history().started(ID, CREATED);
        data.history().progressed(ID, "{\"ok\":1}");
        Files.writeString(folder.report(),
                REPORT.formatted(reason, "").replace("\"ok\": 106", "\"ok\": " + ok));

        recover();

        assertThat(ended("given", result)).endsWith(": 1.0");
        assertThat(registries.ofJob("given").get("scraper.crawl.last.pages").gauge().value())
                .as("of its end, and not of the look before")
                .isEqualTo(Double.parseDouble(ok));
        assertThat(data.history().find(ID).orElseThrow().finishReason()).contains(reason);
        assertThat(live.all()).isEmpty();
    }
}
