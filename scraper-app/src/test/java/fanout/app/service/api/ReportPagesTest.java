package fanout.app.service.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import fanout.app.service.http.RefusedException;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One page at a time, given up when its time is up or its asker has gone. */
@Timeout(60)
class ReportPagesTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MEMORY = 1 << 20;

    @TempDir
    private Path data;
    private ReportPages.Crawls crawls;
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @BeforeEach
    void write() throws IOException {
        String id = "0123456789abcdefg";
        CrawlFolder folder = new CrawlFolder(Files.createDirectories(data.resolve("crawls").resolve(id)));
        Files.writeString(folder.pages(), "{\"url\":\"http://127.0.0.1/\",\"outcome\":\"ok\",\"status\":200}\n");
        crawls = new ReportPages.Crawls(CrawlRecord.submitted(id, "docs", false, Instant.EPOCH), folder,
                Optional.empty());
    }

    private static void gone() throws IOException {
        throw new EOFException("gone");
    }

    private void blocks() throws IOException {
        reading.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private FutureTask<Long> blocked(ReportPages pages) throws InterruptedException {
        FutureTask<Long> first = new FutureTask<>(() -> size(pages.make(crawls, this::blocks)));
        Thread.startVirtualThread(first);
        reading.await();
        return first;
    }

    private static long size(FileChannel page) throws IOException {
        try (page) {
            return page.size();
        }
    }

    @Test
    void aPageIsGivenUpWhenItsAskerHasGone() throws Exception {
        ReportPages pages = new ReportPages(LONG, LONG, MEMORY);

        assertThatThrownBy(() -> pages.make(crawls, ReportPagesTest::gone)).isInstanceOf(EOFException.class)
                .hasMessage("gone");

        assertThat(size(pages.make(crawls, () -> {}))).as("the next has its turn").isPositive();
    }

    @Test
    void aPageThatTakesTooLongIsRefused() {
        ReportPages pages = new ReportPages(LONG, Duration.ZERO, MEMORY);

        RefusedException refused = (RefusedException) catchThrowable(() -> pages.make(crawls, () -> {}));

        assertThat(refused.problem().status()).isEqualTo(503);
        assertThat(refused.problem().detail()).contains("takes longer than 0 s", "scraper report");
    }

    @Test
    void aSecondPageWaitsForItsTurn() throws Exception {
        ReportPages pages = new ReportPages(LONG, LONG, MEMORY);
        FutureTask<Long> first = blocked(pages);
        CountDownLatch waits = new CountDownLatch(1);
        FutureTask<Long> second = new FutureTask<>(() -> size(pages.make(crawls, waits::countDown)));
        Thread.startVirtualThread(second);
        waits.await();
        assertThat(second.isDone()).isFalse();

        release.countDown();

        assertThat(first.get()).isPositive();
        assertThat(second.get()).isPositive();
    }

    @Test
    void anAskerThatGoesWhileItWaitsIsLetGo() throws Exception {
        ReportPages pages = new ReportPages(LONG, LONG, MEMORY);
        FutureTask<Long> first = blocked(pages);

        assertThatThrownBy(() -> pages.make(crawls, ReportPagesTest::gone)).hasMessage("gone");

        release.countDown();
        assertThat(first.get()).isPositive();
    }

    @Test
    void whoWaitsForTooLongIsToldToComeAgain() throws Exception {
        ReportPages pages = new ReportPages(Duration.ZERO, LONG, MEMORY);
        FutureTask<Long> first = blocked(pages);

        RefusedException refused = (RefusedException) catchThrowable(() -> pages.make(crawls, () -> {}));

        assertThat(refused.problem().status()).isEqualTo(429);
        assertThat(refused.problem().headers()).containsEntry("Retry-After", "5");
        release.countDown();
        assertThat(first.get()).isPositive();
    }

    @Test
    void anInterruptEndsTheReading() throws Exception {
        ReportPages pages = new ReportPages(LONG, LONG, MEMORY);
        FutureTask<Long> task = new FutureTask<>(() -> size(pages.make(crawls, () -> {
            Thread.currentThread().interrupt();
        })));
        Thread.startVirtualThread(task);

        assertThatThrownBy(task::get).hasCauseInstanceOf(InterruptedException.class);
    }
}
