package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.store.CrawlFolder;
import fanout.job.CrawlJob;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LiveCrawlsTest {

    private static CrawlTask task(String id) {
        return new CrawlTask(id, CrawlJob.builder("test").startUrl("http://127.0.0.1/").build(),
                new CrawlFolder(Path.of("none")));
    }

    /** A crawl goes on under its id. That it was cancelled before is over with the run that was. */
    @Test
    void aCrawlThatIsResumedIsNotCancelled() {
        LiveCrawls live = new LiveCrawls();
        CrawlTask first = task("a");
        live.add(first);
        live.add(task("b"));
        assertThat(first.cancel(Ending.NOW)).as("it does not run").isFalse();
        assertThat(first.isCancelled()).isTrue();

        live.remove(first);
        assertThat(live.find("a")).isEmpty();
        assertThat(live.all()).hasSize(1);
        live.add(task("a"));
        assertThat(live.find("a").orElseThrow().isCancelled()).isFalse();
    }

    /** The next run may begin before the one that has ended is gone. */
    @Test
    void aRunThatHasEndedLeavesThePlaceOfTheNextAlone() {
        LiveCrawls live = new LiveCrawls();
        CrawlTask first = task("a");
        CrawlTask next = task("a");
        live.add(first);

        live.add(next);
        live.remove(first);
        assertThat(live.find("a")).containsSame(next);
    }
}
