package fanout.app.service.crawl;

import fanout.app.config.BadJobException;
import fanout.app.config.JobBounds;
import fanout.app.config.JobFile;
import fanout.app.service.run.CrawlLog;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.Ending;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.RunEnds;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.OwnFiles;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * The crawls of the service, from submission to deletion: what waits and runs is in memory, and all of it in the history. Whether
 * a crawl has ended is what the history says: from that moment it can be resumed or deleted, though it may be in memory a little longer.
 *
 * <p>Thread-safe. Owned by the service, as what it is made of.
 */
public final class Crawls {

    private final DataFolder data;
    private final StoredJobs jobs;
    private final CrawlQueue queue;
    private final LiveCrawls live;
    private final RunEnds ends;
    private final Readers readers;
    private final Claims claims = new Claims();
    private final Resumer resumer;
    private final CrawlIds ids = new CrawlIds();
    /** Never changed: each adder is. */
    private final Map<DeletedFor, LongAdder> deleted = new EnumMap<>(DeletedFor.class);

    Crawls(DataFolder data, JobBounds bounds, CrawlQueue queue, LiveCrawls live, RunEnds ends, Readers readers) {
        this.data = data;
        this.jobs = new StoredJobs(data, bounds);
        this.queue = queue;
        this.live = live;
        this.ends = ends;
        this.readers = readers;
        for (DeletedFor why : DeletedFor.values()) {
            deleted.put(why, new LongAdder());
        }
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
        Optional<String> problem = data.problem();
        if (problem.isPresent()) {
            return new Submission.Unkept(problem.get());
        }
        if (!queue.reserve()) {
            return new Submission.Full(queue.size());
        }
        boolean added = false;
        String id = ids.next();
        CrawlFolder folder = data.crawl(id);
        try {
            OwnFiles.createFolder(folder.path());
            OwnFiles.write(folder.job(), text); // a folder with a job is that of a crawl, also if the process ends here
            CrawlRecord crawl = CrawlRecord.submitted(id, job.name(), json, Instant.now());
            data.history().add(crawl);
            CrawlTask task = new CrawlTask(id, job, folder);
            live.add(task);
            CrawlLog.submitted(id, job.name());
            queue.add(task);
            added = true;
            return new Submission.Accepted(crawl);
        } finally {
            if (!added) {
                queue.giveBack();
                forget(id);
            }
        }
    }

    /** Whether a text could be the id of a crawl. */
    public static boolean isId(String text) {
        return CrawlIds.isId(text);
    }

    /** Removes what is there of a crawl that could not be submitted, as far as the disk lets us. */
    private void forget(String id) throws IOException {
        if (data.beginDeletion(id)) {
            data.endDeletion(id);
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
            CrawlLog.continued(crawl.id(), crawl.name());
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

    /** Why crawls are deleted. */
    public enum DeletedFor {
        /** It has ended longer ago than retention keeps crawls. */
        AGE("it ended longer ago than retention.maxAge"),
        /** It was the oldest when the crawls that have ended took more than retention lets them. */
        BYTES("crawls that have ended took more than retention.maxBytes, and it was the oldest"),
        /** A person wants it. */
        REQUEST("a request");

        private final String words;

        DeletedFor(String words) {
            this.words = words;
        }
    }

    /** How many crawls this process has deleted for a reason. */
    long deleted(DeletedFor why) {
        LongAdder count = deleted.get(why);
        return count == null ? 0 : count.sum();
    }

    /** Deletes a crawl that has ended, because a person wants it. */
    public Deletion delete(String id) throws IOException {
        return delete(id, DeletedFor.REQUEST);
    }

    /** Deletes a crawl that has ended, after its readers have left. */
    Deletion delete(String id, DeletedFor why) throws IOException {
        try (Claims.Claim claim = claims.claim(id)) {
            if (claim == null) {
                return Deletion.BUSY;
            }
            Optional<CrawlRecord> found = find(id);
            if (found.isEmpty()) {
                return Deletion.UNKNOWN;
            }
            if (!found.get().state().isEnded()) {
                return Deletion.LIVE;
            }
            boolean hasFolder = data.beginDeletion(id); // if the process ends after this, the next one deletes the rest
            if (!data.history().delete(id)) {
                if (hasFolder) {
                    data.takeBackDeletion(id);
                }
                return Deletion.LIVE;
            }
            Objects.requireNonNull(deleted.get(why)).increment();
            CrawlLog.deleted(id, found.get().name(), why.words);
            readers.close(id);
            if (hasFolder) {
                data.endDeletion(id);
            }
            return Deletion.DONE;
        }
    }
}
