package fanout.app.service.crawl;

import fanout.app.config.BadJobException;
import fanout.app.config.JobBounds;
import fanout.app.config.JobFile;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.Ending;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.RunEnds;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The crawls of the service, from submission to deletion: what waits and runs is in memory, and all of it in the history. Whether
 * a crawl has ended is what the history says: from that moment it can be resumed or deleted, though it may be in memory a little longer.
 *
 * <p>Thread-safe. Owned by the service, as what it is made of.
 */
public final class Crawls {

    private static final Logger LOG = LoggerFactory.getLogger(Crawls.class);

    private final DataFolder data;
    private final StoredJobs jobs;
    private final CrawlQueue queue;
    private final LiveCrawls live;
    private final RunEnds ends;
    private final Readers readers;
    private final Claims claims = new Claims();
    private final Resumer resumer;
    private final CrawlIds ids = new CrawlIds();

    Crawls(DataFolder data, JobBounds bounds, CrawlQueue queue, LiveCrawls live, RunEnds ends, Readers readers) {
        this.data = data;
        this.jobs = new StoredJobs(data, bounds);
        this.queue = queue;
        this.live = live;
        this.ends = ends;
        this.readers = readers;
        this.resumer = new Resumer(data, jobs, queue, live, claims);
    }

    /**
     * Reads a job within the bounds of this service; nothing else happens.
     *
     * @throws BadJobException if it is not valid here
     */
    public JobFile read(boolean json, byte[] text) throws BadJobException {
        return jobs.read(json, text);
    }

    /**
     * Takes a job.
     *
     * @param text as it was submitted
     */
    public Submission submit(CrawlJob job, boolean json, byte[] text) throws IOException {
        if (live.isStopping()) {
            return new Submission.Stopping(live.all().size());
        }
        if (!queue.reserve()) {
            return new Submission.Full(queue.size());
        }
        boolean added = false;
        String id = ids.next();
        CrawlFolder folder = data.crawl(id);
        try {
            Files.createDirectory(folder.path());
            Files.write(folder.job(), text);
            CrawlRecord crawl = CrawlRecord.submitted(id, job.name(), json, Instant.now());
            data.history().add(crawl);
            CrawlTask task = new CrawlTask(id, job, folder);
            live.add(task);
            queue.add(task);
            added = true;
            return new Submission.Accepted(crawl);
        } finally {
            if (!added) {
                queue.giveBack();
                folder.delete();
            }
        }
    }

    /** What is remembered of a crawl. */
    public Optional<CrawlRecord> find(String id) throws IOException {
        return CrawlIds.isId(id) ? data.history().find(id) : Optional.empty();
    }

    /** A crawl that waits or runs. */
    public Optional<CrawlTask> live(String id) {
        return live.find(id);
    }

    /** As {@link fanout.app.store.History#list}. */
    public List<CrawlRecord> list(Optional<CrawlState> state, Optional<String> name, Optional<String> before, int most)
            throws IOException {
        return data.history().list(state, name, before, most);
    }

    /** The files of a crawl that was found. */
    public CrawlFolder folder(CrawlRecord crawl) {
        return data.crawl(crawl.id());
    }

    /**
     * The job of a crawl that was found, read anew, with the limits that it was resumed with; what has changed of the bounds
     * since then holds.
     */
    public CrawlJob job(CrawlRecord crawl) throws IOException, BadJobException {
        return jobs.of(crawl);
    }

    /**
     * Goes on with a crawl that was found and has ended.
     *
     * @param limits new ones, a JSON object with keys of a job's limits; empty keeps those that it had
     * @throws BadJobException if the limits are not valid, or beyond those of the service
     */
    public Resumption resume(CrawlRecord crawl, Optional<byte[]> limits) throws IOException, BadJobException {
        return resumer.resume(crawl.id(), limits);
    }

    /** Continues a crawl that was found and is held: it waits for its turn, as one that was submitted. */
    public Resumption continueHeld(CrawlRecord crawl) throws IOException {
        if (live.isStopping()) {
            return new Resumption.Stopping(live.all().size());
        }
        Optional<CrawlTask> task = live.find(crawl.id());
        if (task.isEmpty() || task.get().state() != CrawlState.HELD) {
            CrawlState state = task.map(CrawlTask::state).orElse(crawl.state());
            return new Resumption.Hindered("it is not held: it is " + state.label());
        }
        if (!queue.reserve()) {
            return new Resumption.Full(queue.size());
        }
        boolean added = false;
        try {
            if (!ends.continueHeld(task.get())) {
                return new Resumption.Hindered("another request has continued or cancelled it at this moment");
            }
            LOG.info("crawl {} ({}) is held no longer: it was continued", crawl.id(), crawl.name());
            queue.add(task.get());
            added = true;
            return new Resumption.Accepted(find(crawl.id()).orElse(crawl));
        } finally {
            if (!added) {
                queue.giveBack();
            }
        }
    }

    /** Asks a crawl that was found to end. */
    public Cancellation cancel(CrawlRecord crawl, Ending ending) throws IOException {
        String id = crawl.id();
        Optional<CrawlTask> task = live.find(id);
        if (task.isEmpty()) {
            return new Cancellation.Over(find(id).orElse(crawl).state());
        }
        if (cancelQueued(task.get())) {
            return new Cancellation.Asked(CrawlState.CANCELLED, ending, task.get().progress());
        }
        if (!ends.cancel(task.get(), ending)) {
            return new Cancellation.Over(task.get().state());
        }
        return new Cancellation.Asked(task.get().state(), task.get().ending(), task.get().progress());
    }

    private boolean cancelQueued(CrawlTask task) throws IOException {
        try {
            boolean waited = ends.cancelQueued(task);
            if (waited) {
                queue.remove(task);
            }
            return waited;
        } catch (IOException e) {
            if (task.state() == CrawlState.QUEUED) {
                queue.remove(task); // unless a runner has taken it, and left it because it was to end
                queue.addAgain(task);
            }
            throw e;
        }
    }

    /** Deletes a crawl that has ended, after its readers have left. */
    public Deletion delete(String id) throws IOException {
        try (Claims.Claim claim = claims.claim(id)) {
            if (claim == null) {
                return Deletion.BUSY;
            }
            Optional<CrawlRecord> found = find(id);
            if (found.isEmpty()) {
                return Deletion.UNKNOWN;
            }
            if (!data.history().delete(id)) {
                return Deletion.LIVE;
            }
            readers.close(id);
            folder(found.get()).delete();
            return Deletion.DONE;
        }
    }
}
