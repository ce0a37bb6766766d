package fanout.app.service.crawl;

import fanout.app.config.BadJobException;
import fanout.app.config.JobBounds;
import fanout.app.config.JobFile;
import fanout.app.config.SubmittedJobReader;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.DataFolder;
import fanout.app.store.KeptJson;
import fanout.app.store.OwnFiles;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Reads jobs, submitted now or earlier, within the bounds of the service as they are now. One at a time, in the order
 * of arrival: a job of a megabyte takes some dozen while it is read, and many that are submitted at once would take all
 * memory. Thread-safe.
 */
final class StoredJobs {

    private final DataFolder data;
    private final JobBounds bounds;
    private final Semaphore turn = new Semaphore(1, true);

    StoredJobs(DataFolder data, JobBounds bounds) {
        this.data = data;
        this.bounds = bounds;
    }

    /** Returns what the service lets jobs ask for. */
    JobBounds bounds() {
        return bounds;
    }

    /**
     * Reads a job that is submitted.
     *
     * @throws UncheckedIOException of an {@link InterruptedIOException} if the thread is interrupted while other jobs
     *     are read; the status is kept
     */
    JobFile read(boolean json, byte[] text) throws BadJobException {
        return read(json, text, Optional.empty());
    }

    /** The job of a crawl, with the limits that it was resumed with. */
    CrawlJob of(CrawlRecord crawl) throws IOException, BadJobException {
        Path limits = data.crawl(crawl.id()).limits();
        return of(crawl, limits(limits));
    }

    private static Optional<byte[]> limits(Path file) throws IOException {
        try {
            byte[] limits = OwnFiles.read(file, CrawlFolder.MOST_JOB_BYTES);
            KeptJson.checkLimits(file, limits);
            return Optional.of(limits);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The job of a crawl, with other limits. */
    CrawlJob of(CrawlRecord crawl, Optional<byte[]> limits) throws IOException, BadJobException {
        byte[] text = OwnFiles.read(data.crawl(crawl.id()).job(), CrawlFolder.MOST_JOB_BYTES);
        return read(crawl.json(), text, limits).job();
    }

    private JobFile read(boolean json, byte[] text, Optional<byte[]> limits) throws BadJobException {
        try {
            turn.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while other jobs are read"));
        }
        try {
            return SubmittedJobReader.read(json, text, limits, bounds);
        } finally {
            turn.release();
        }
    }
}
