package fanout.journal;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.CrawlJob;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What makes a job another one. A key that a job does not use must not: journals were written before there was one. */
class IdentityTest {

    private static CrawlJob.Builder job() {
        return CrawlJob.builder("docs").startUrl("http://example.org/");
    }

    private static Identity of(CrawlJob.Builder job) {
        return Identity.of(job.build(), Map.of());
    }

    /** SHA-256 of the two media types, written as a list. */
    @Test
    void jobWithoutACharsetIsTheJobThatItWasBefore() {
        assertThat(of(job()).parts()).containsEntry("parse", "c61f0c7321d3ed2dc6f9a486033a8161");
    }

    @Test
    void jobWithACharsetIsAnotherAndSaysSo() {
        assertThat(of(job().charset("koi8-r")).differencesFrom(of(job()))).containsExactly("parse");
        assertThat(of(job().charset("koi8-r")).differencesFrom(of(job().charset("koi8-u")))).containsExactly("parse");
        assertThat(of(job().charset("koi8-r")).differencesFrom(of(job().charset("koi8-r")))).isEmpty();
    }
}
