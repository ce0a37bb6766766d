package fanout.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.Counts;
import fanout.outcome.Fetched;
import fanout.page.Content;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals of a version that did not note of which host and label a page is. */
class JournalWithoutPartsTest {

    private static final CrawlJob JOB = CrawlJob.builder("runs").startUrl("http://a.test/0").build();

    @TempDir
    private Path folder;

    private Path journalOfOnePage() throws IOException {
        Path path = folder.resolve("journal");
        Fingerprint.Seed seed = new Fingerprint.Seed(7, 8);
        GroupWriter group = new GroupWriter(seed);
        group.head(new Head(Identity.of(JOB, Map.of()), Instant.EPOCH, seed));
        group.run();
        Request page = Request.start(CanonicalUrl.of("http://a.test/0"), Optional.empty());
        group.settled(Fingerprint.of(page.key(), seed),
                Result.of(new Fetched(page, Trail.NONE, Content.UNREAD, List.of())));
        group.commit(new Commit(Position.at(1), Counts.NONE, Duration.ofSeconds(5)));
        PathVolume volume = new PathVolume(path);
        try (JournalFile file = new JournalFile(volume, volume.open(), 0, 0)) {
            file.append(group.content());
        } finally {
            volume.release();
        }
        return path;
    }

    private static CrawlJob with(Limits.Builder limits) {
        return JOB.toBuilder().limits(limits.build()).build();
    }

    @Test
    void isRefusedForALimitThatCountsPagesOfParts() throws IOException {
        Path path = journalOfOnePage();
        Limits.Builder ofHosts = Limits.DEFAULT.toBuilder().maxPagesPerHost(9);
        Limits.Builder ofLabels = Limits.DEFAULT.toBuilder().maxPagesPerLabel(Map.of("x", 9L));
        Limits.Builder both = Limits.DEFAULT.toBuilder().maxPagesPerHost(9).maxPagesPerLabel(Map.of("x", 9L));
        Map<Limits.Builder, String> keys = Map.of(ofHosts, "limits.maxPagesPerHost", ofLabels,
                "limits.maxPagesPerLabel", both, "limits.maxPagesPerHost or limits.maxPagesPerLabel");
        for (Map.Entry<Limits.Builder, String> each : keys.entrySet()) {
            try (Journal journal = Journal.resume(path)) {
                assertThatThrownBy(() -> Recording.of(journal, with(each.getKey()), ManualTicker.stopped()))
                        .isInstanceOf(JournalException.class)
                        .hasMessageContaining("did not note the hosts and labels of the pages that were ok, and "
                                + each.getValue() + " counts these. Take that out, or start the crawl again");
            }
        }
    }

    @Test
    void isResumedWithoutSuchALimit() throws IOException {
        try (Journal journal = Journal.resume(journalOfOnePage())) {
            assertThat(Recording.of(journal, JOB, ManualTicker.stopped()).sums().ok()).isOne();
        }
    }
}
