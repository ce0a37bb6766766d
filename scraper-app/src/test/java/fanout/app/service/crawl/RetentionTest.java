package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.config.ServiceSettings;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.metrics.JobRegistries;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.RunEnds;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which finished crawls go, and when. */
class RetentionTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final int BYTES = 1_000;

    private final JobRegistries registries = new JobRegistries(1, _ -> {});
    private final LiveCrawls live = new LiveCrawls(registries);

    @TempDir
    private Path folder;

    private DataFolder data;
    private Crawls crawls;

    @BeforeEach
    void open() throws IOException {
        data = DataFolder.open(folder);
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    private Retention retention(Duration maxAge, long maxBytes) {
        ServiceSettings settings = ServiceSettingsReader.standard();
        crawls = new Crawls(data, settings.bounds(), new CrawlQueue(1), live,
                new RunEnds(data.history(), live, registries), new Readers(1, 1));
        return new Retention(data, crawls, new ServiceSettings.Retention(maxAge, maxBytes));
    }

    /** An id that is one, with a thousand bytes in its folder. */
    private String crawl(int number, Duration submittedAgo) throws IOException {
        String id = "%017d".formatted(number);
        Files.createDirectories(data.crawl(id).path());
        Files.write(data.crawl(id).pages(), new byte[BYTES]);
        data.history().add(CrawlRecord.submitted(id, "docs", false, Instant.now().minus(submittedAgo)));
        return id;
    }

    private String ended(int number, Duration submittedAgo, Duration endedAgo) throws IOException {
        String id = crawl(number, submittedAgo);
        data.history()
                .ended(id, new CrawlEnd(CrawlState.FINISHED, Instant.now().minus(endedAgo), Optional.empty(),
                        Optional.empty(), Optional.empty(), BYTES));
        return id;
    }

    private List<String> kept() throws IOException {
        List<String> ids = data.history()
                .list(Optional.empty(), Optional.empty(), Optional.empty(), 100)
                .stream()
                .map(CrawlRecord::id)
                .toList();
        assertThat(data.folders()).as("folders").containsExactlyInAnyOrderElementsOf(ids);
        return ids;
    }

    @Test
    void ageIsCountedFromTheEnd() throws IOException {
        String late = ended(1, DAY.multipliedBy(9), DAY.multipliedBy(2).minusHours(1));
        ended(2, DAY.multipliedBy(9), DAY.multipliedBy(2).plusHours(1));
        Retention retention = retention(DAY.multipliedBy(2), Long.MAX_VALUE);

        retention.run();

        assertThat(kept()).containsExactly(late);
        assertThat(retention.usedBytes()).isEqualTo(BYTES);
    }

    @Test
    void ofTheOldestAsManyGoAsTakeTooMuch() throws IOException {
        String[] ids = new String[5];
        for (int i = 0; i < 5; i++) {
            ids[i] = ended(i, DAY, Duration.ofHours(10 - i));
        }
        retention(DAY.multipliedBy(2), 5L * BYTES).run();
        assertThat(kept()).as("all that there may be").hasSize(5);

        Retention retention = retention(DAY.multipliedBy(2), 3L * BYTES);
        retention.run();

        assertThat(kept()).containsExactly(ids[4], ids[3], ids[2]);
        assertThat(retention.usedBytes()).isEqualTo(3L * BYTES);
    }

    /** It takes room, but cannot go. */
    @Test
    void aCrawlThatHasNotEndedStays() throws IOException {
        String waiting = crawl(1, DAY.multipliedBy(100));
        ended(2, DAY, Duration.ofHours(1));
        Retention retention = retention(DAY.multipliedBy(2), 1);

        retention.run();

        assertThat(kept()).containsExactly(waiting);
        assertThat(retention.usedBytes()).isEqualTo(BYTES);
    }

    /** That has a quota of its own. */
    @Test
    void aCrawlThatGrowsCostsNoOtherItsResults() throws IOException {
        String growing = crawl(1, DAY);
        Files.write(data.crawl(growing).journal(), new byte[50 * BYTES]);
        String finished = ended(2, DAY, Duration.ofHours(1));
        Retention retention = retention(DAY.multipliedBy(2), 2L * BYTES);

        retention.run();

        assertThat(kept()).containsExactly(finished, growing);
        assertThat(retention.usedBytes()).isEqualTo(52L * BYTES);
    }

    @Test
    void deletionsAreCountedByTheirReasons() throws IOException {
        for (int i = 1; i <= 3; i++) {
            ended(i, DAY.multipliedBy(9), DAY.multipliedBy(3));
        }
        ended(4, DAY, Duration.ofHours(3));
        ended(5, DAY, Duration.ofHours(2));
        String wanted = ended(6, DAY, Duration.ofHours(1));
        Retention retention = retention(DAY.multipliedBy(2), BYTES);

        retention.run();
        assertThat(crawls.delete(wanted)).isEqualTo(Crawls.Deletion.DONE);

        assertThat(kept()).isEmpty();
        assertThat(crawls.deleted(Crawls.DeletedFor.AGE)).isEqualTo(3);
        assertThat(crawls.deleted(Crawls.DeletedFor.BYTES)).isEqualTo(2);
        assertThat(crawls.deleted(Crawls.DeletedFor.REQUEST)).isOne();
    }

    /** What the service did not make stays, and is in nobody's way. */
    @Test
    void aFileOfSomebodyElseOutlivesTheCrawl() throws IOException {
        String crawl = ended(1, DAY.multipliedBy(9), DAY.multipliedBy(3));
        Files.writeString(data.crawl(crawl).path().resolve("notes.txt"), "mine");

        retention(DAY, Long.MAX_VALUE).run();

        assertThat(kept()).isEmpty();
        assertThat(folder.resolve("orphaned").resolve(crawl)).isDirectoryContaining("glob:**/notes.txt");
        assertThat(folder.resolve("orphaned").resolve(crawl).resolve("pages.jsonl")).doesNotExist();
    }

    /** One of them cannot be measured or deleted. */
    @Test
    void oneFolderThatCannotBeDeletedDoesNotKeepTheOthers() throws IOException {
        String stuck = ended(1, DAY.multipliedBy(9), DAY.multipliedBy(4));
        ended(2, DAY.multipliedBy(9), DAY.multipliedBy(3));
        Files.createDirectories(folder.resolve("crawls").resolve(stuck + ".deleted").resolve("in-the-way"));

        Retention retention = retention(DAY, Long.MAX_VALUE);
        retention.run();

        assertThat(kept()).containsExactly(stuck);
        assertThat(retention.usedBytes()).as("it still takes them").isEqualTo(BYTES);
    }
}
