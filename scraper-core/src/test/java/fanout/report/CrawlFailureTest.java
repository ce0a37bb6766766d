package fanout.report;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.report.CrawlFailure.Kind;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class CrawlFailureTest {

    @Test
    void anExceptionOfASinkIsSaidInItsOwnWords() {
        assertThat(new CrawlFailure(Kind.SINK, new IOException("No space left on device")).message())
                .isEqualTo("a sink failed: No space left on device");
        assertThat(new CrawlFailure(Kind.SINK, new TimeoutException("not written within 30000 ms")).message())
                .isEqualTo("a sink failed: not written within 30000 ms");
    }

    @Test
    void anErrorOrAnExceptionWithoutWordsIsSaidWithItsClass() {
        assertThat(new CrawlFailure(Kind.SINK, new NoClassDefFoundError("com/example/Row")).message())
                .isEqualTo("a sink failed: java.lang.NoClassDefFoundError: com/example/Row");
        assertThat(new CrawlFailure(Kind.SINK, new UnsupportedOperationException()).message())
                .isEqualTo("a sink failed: java.lang.UnsupportedOperationException");
    }

    @Test
    void whatCouldNotBeStartedIsSaidInItsOwnWordsAlone() {
        assertThat(
                new CrawlFailure(Kind.NOT_STARTED, new IOException("cannot serve metrics on 127.0.0.1:9400")).message())
                .isEqualTo("cannot serve metrics on 127.0.0.1:9400");
    }

    @Test
    void aBugIsSaidWithItsClass() {
        assertThat(new CrawlFailure(Kind.INTERNAL, new IllegalStateException("two probes at once")).message())
                .isEqualTo("internal error: java.lang.IllegalStateException: two probes at once");
    }
}
