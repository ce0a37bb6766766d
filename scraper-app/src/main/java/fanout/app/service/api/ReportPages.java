package fanout.app.service.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.reportpage.Opening;
import fanout.app.reportpage.ReportPage;
import fanout.app.reportpage.RunFiles;
import fanout.app.reportpage.UnreadableRunException;
import fanout.app.service.http.Problem;
import fanout.app.service.http.RefusedException;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.OwnFiles;
import java.io.BufferedWriter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes report pages, one at a time, in the thread that asks for one; others wait for their turn. A page takes a
 * bounded share of the memory and of time. It is complete before its first byte is sent: what cannot be read becomes a
 * refusal, and a slow reader holds up nothing. Thread-safe.
 */
public final class ReportPages {

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final long MOST_MEMORY = 64 << 20;
    private static final int SHARE_OF_HEAP = 8;

    private final Semaphore turn = new Semaphore(1, true);
    private final Duration longestWait;
    private final Duration longest;
    private final long memory;

    /**
     * No page yet.
     *
     * @param longestWait for the turn
     * @param longest that making one takes
     * @param memory of tables and texts, in bytes
     */
    ReportPages(Duration longestWait, Duration longest, long memory) {
        this.longestWait = longestWait;
        this.longest = longest;
        this.memory = memory;
    }

    /** Returns one with the limits of a service: an eighth of the heap, 64 MiB at most, and two minutes. */
    public static ReportPages ofService() {
        return new ReportPages(LONGEST_WAIT, LONGEST,
                Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    /** Checks that the page is still wanted; called every tenth of a second. */
    @FunctionalInterface
    interface Asker {
        void check() throws IOException;
    }

    /**
     * What a page is of.
     *
     * @param earlier the folder of the crawl to compare with; empty: none
     */
    record Crawls(CrawlRecord crawl, CrawlFolder folder, Optional<CrawlFolder> earlier) {}

    /**
     * Makes a page.
     *
     * @return a file with the page, which is gone when it is closed
     * @throws RefusedException 429 if others take too long, 503 if a file is damaged or the page takes too long
     * @throws IOException what the asker has thrown, or if the page cannot be written
     */
    FileChannel make(Crawls of, Asker asker) throws RefusedException, IOException, InterruptedException {
        long begin = System.nanoTime();
        while (!turn.tryAcquire(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
            asker.check();
            if (System.nanoTime() - begin > longestWait.toNanos()) {
                throw new RefusedException(Problem.of(429, "other report pages are being made; one is made at a time")
                        .with("Retry-After", "5"));
            }
        }
        try {
            return made(of, new Watch(asker));
        } finally {
            turn.release();
        }
    }

    private FileChannel made(Crawls of, Watch watch) throws RefusedException, IOException, InterruptedException {
        ReportPage page;
        try {
            Optional<RunFiles> earlier = of.earlier.map(folder -> files(folder, watch));
            page = ReportPage.of(files(of.folder, watch), earlier,
                    new ReportPage.Options(of.crawl.name(), ReportPage.ROWS, memory, Instant.now()));
        } catch (UnreadableRunException e) {
            String crawls = Objects.requireNonNull(of.folder.path().getParent()) + "/";
            throw new RefusedException(503, "the report page cannot be made: "
                    + String.valueOf(e.getMessage()).replace(crawls, ""));
        } catch (InterruptedException e) {
            watch.rethrow();
            throw e;
        }
        return written(page);
    }

    private static RunFiles files(CrawlFolder folder, Watch watch) {
        return new RunFiles(folder.path(), folder.pages(), existing(folder.items()), existing(folder.links()),
                folder.report(), watch);
    }

    private static Optional<Path> existing(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? Optional.of(file) : Optional.empty();
    }

    /** The file has no name any more when this returns, where the system allows it: nothing is left by a crash. */
    private static FileChannel written(ReportPage page) throws IOException {
        Path path = Files.createTempFile("scraper-report-", ".html");
        FileChannel file;
        try {
            file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        }
        try {
            Writer out = new BufferedWriter(new OutputStreamWriter(Channels.newOutputStream(file), UTF_8));
            page.writeTo(out);
            out.flush();
            return file;
        } catch (IOException | RuntimeException | Error e) {
            try (file) {
                throw e;
            }
        }
    }

    /** Looks now and then, while files are read, whether to go on. Confined to one thread. */
    private final class Watch implements Opening {

        private final Asker asker;
        private final long begin = System.nanoTime();
        private long last = begin - LOOK.toNanos();
        private @Nullable IOException gone;
        private @Nullable RefusedException late;

        private Watch(Asker asker) {
            this.asker = asker;
        }

        @Override
        public InputStream open(Path file) throws IOException {
            return new FilterInputStream(Channels.newInputStream(OwnFiles.read(file))) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    look();
                    return super.read(bytes, offset, length);
                }
            };
        }

        private void look() throws InterruptedIOException {
            long now = System.nanoTime();
            if (now - last < LOOK.toNanos()) {
                return;
            }
            last = now;
            try {
                asker.check();
            } catch (IOException e) {
                gone = e;
            }
            if (now - begin > longest.toNanos()) {
                late = new RefusedException(503, "the report page takes longer than " + longest.toSeconds()
                        + " s to make; the command scraper report makes it from the crawl's folder");
            }
            if (gone != null || late != null) {
                throw new InterruptedIOException("the page is not made");
            }
        }

        /** Throws why the page is not made; returns if the thread was interrupted. */
        private void rethrow() throws IOException, RefusedException {
            if (gone != null) {
                throw gone;
            }
            if (late != null) {
                throw late;
            }
        }
    }
}
