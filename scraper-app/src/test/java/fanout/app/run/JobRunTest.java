package fanout.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JobRunTest {

    @Test
    void bugAfterTheReportIsInternalAndHidesNoOtherFailure() throws InterruptedException {
        CrawlReport sinkFailed;
        try (Scraper scraper = Scraper.create()) {
            sinkFailed = scraper.crawl(CrawlJob.builder("test").startUrl("http://127.0.0.1:1/").build()).to(_ -> {
                throw new IOException("disk full");
            }).run();
        }
        assertThat(ExitCode.of(sinkFailed, Limits.DEFAULT)).isEqualTo(ExitCode.NO_RESULTS);
        IllegalStateException bug = new IllegalStateException("in closing");

        CrawlReport report = JobRun.withBug(sinkFailed, new CrawlFailure(CrawlFailure.Kind.INTERNAL, bug));

        assertThat(ExitCode.of(report, Limits.DEFAULT)).isEqualTo(ExitCode.INTERNAL_ERROR);
        assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
        assertThat(report.accounting()).isEqualTo(sinkFailed.accounting());
        assertThat(bug.getSuppressed()).extracting(Throwable::getMessage).containsExactly("disk full");
    }
}
