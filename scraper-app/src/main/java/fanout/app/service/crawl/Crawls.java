package fanout.app.service.crawl;

import fanout.app.config.BadJobException;
import fanout.app.config.JobBounds;
import fanout.app.config.JobFile;
import fanout.app.service.run.Continuation;
import fanout.app.service.run.CrawlLog;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.Ending;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.ProgressView;
import fanout.app.service.run.RunEnds;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import fanout.app.store.OwnFiles;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The crawls of the service, from submission to deletion: what waits and runs is in memory, and all of it in the
 * history. Whether a crawl has ended is what the history says: from that moment it can be resumed or deleted, though it
 * may be in memory a little longer.
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
    /**
     * Crawls that have ended and that one request changes; another one that comes meanwhile is refused, and does not
     * wait.
     */
    private final Set<String> claims = ConcurrentHashMap.newKeySet();
    private final CrawlIds ids = new CrawlIds();
    private final Map<DeletedFor, Long> deleted = new ConcurrentHashMap<>();

    Crawls(DataFolder data, JobBounds bounds, CrawlQueue queue, LiveCrawls live, RunEnds ends, Readers readers) {
        this.data = data;
        this.jobs = new StoredJobs(data, bounds);
        this.queue = queue;
        this.live = live;
        this.ends = ends;
        this.readers = readers;
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
        return CrawlFolder.isId(text);
    }

    /** Removes what is there of a crawl that could not be submitted, as far as the disk lets us. */
    private void forget(String id) throws IOException {
        if (data.beginDeletion(id)) {
            data.endDeletion(id);
        }
    }

    /** What is remembered of a crawl. */
    public Optional<CrawlRecord> find(String id) throws IOException {
        return isId(id) ? data.history().find(id) : Optional.empty();
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
     * The job of a crawl that was found, read again, with the limits that it was resumed with; what has changed of the
     * bounds since then holds.
     */
    public CrawlJob job(CrawlRecord crawl) throws IOException, BadJobException {
        return jobs.of(crawl);
    }

    /**
     * Resumes a crawl that was found and has ended. One request at a time has it, from the look at its journal to
     * its place in the queue; what fails before that leaves the crawl ended, as it was.
     *
     * @param limits new ones, a JSON object with keys of a job's limits; empty keeps those that it had
     * @throws BadJobException if the limits are not valid, or beyond those of the service
     */
    public Resumption resume(CrawlRecord crawl, Optional<byte[]> limits) throws IOException, BadJobException {
        String id = crawl.id();
        if (live.isStopping()) {
            return new Resumption.Stopping(live.all().size());
        }
        try (Claim claim = claim(id)) {
            if (claim == null) {
                return new Resumption.Hindered("another request is resuming or deleting it at this moment; try again");
            }
            // again: it may have resumed, and ended, since it was found
            Optional<CrawlRecord> found = data.history().find(id);
            return found.isEmpty() ? new Resumption.Gone(id) : resumeClaimed(found.get(), limits);
        }
    }

    private Resumption resumeClaimed(CrawlRecord ended, Optional<byte[]> limits)
            throws IOException, BadJobException {
        if (!ended.state().isEnded()) {
            return new Resumption.Hindered("it has not ended: it is " + ended.state().label());
        }
        return switch (Continuation.of(data.crawl(ended.id()))) {
            case Continuation.Hindered(String reason) -> new Resumption.Hindered(reason);
            case Continuation.Possible earlier -> resume(ended, limits, earlier);
        };
    }

    private Resumption resume(CrawlRecord ended, Optional<byte[]> limits, Continuation.Possible earlier)
            throws IOException, BadJobException {
        CrawlJob job = limits.isPresent() ? jobs.of(ended, limits) : jobs.of(ended);
        if (earlier.okPages() >= job.limits().maxPages()) {
            return new Resumption.Hindered(reached(earlier.okPages(), job.limits().maxPages()));
        }
        if (job.limits().countParts()) {
            CutCrawl cut = new CutCrawl(ended, earlier.okPages(), jobs.of(ended).limits());
            if (cut.isCut() && !cut.mayHaveMore(job.limits())) {
                return new Resumption.Hindered(cut.words(jobs.bounds().limits()));
            }
        }
        if (!queue.reserve()) {
            return new Resumption.Full(queue.size());
        }
        boolean added = false;
        try {
            CrawlRecord waiting = waiting(ended, limits);
            CrawlTask task = new CrawlTask(ended.id(), job, data.crawl(ended.id()), earlier);
            live.add(task);
            CrawlLog.resumed(ended.id(), ended.name(),
                    limits.isPresent() ? "by a request, with new limits" : "by a request");
            queue.add(task);
            added = true;
            return new Resumption.Accepted(waiting);
        } finally {
            if (!added) {
                queue.giveBack();
            }
        }
    }

    /** A run would end before its first fetch. The other limits are those of one run, or of one URL. */
    private String reached(long okPages, long maxPages) {
        long most = jobs.bounds().limits().maxPages();
        return "it has " + okPages + " ok pages, and its limits.maxPages is " + maxPages + (okPages < most
                ? "; give a larger one, of at most " + most + ", as in {\"limits\": {\"maxPages\": "
                        + Math.min(most, 2 * okPages) + "}}"
                : "; this service allows no job more than " + most);
    }

    /** Says in the history that the crawl waits again, with the limits that hold from now on. */
    private CrawlRecord waiting(CrawlRecord ended, Optional<byte[]> limits) throws IOException {
        try (NewLimits written = NewLimits.write(data.crawl(ended.id()), limits)) {
            if (!data.history().resumed(ended.id())) {
                throw new IllegalStateException("changed by another request: " + ended);
            }
            try {
                CrawlRecord waiting = data.history().find(ended.id()).orElseThrow();
                written.apply();
                return waiting;
            } catch (IOException e) {
                takeBack(ended, e);
                throw e;
            }
        }
    }

    private void takeBack(CrawlRecord ended, IOException cause) {
        try {
            data.history().ended(ended.id(), CrawlEnd.of(ended));
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
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
        return deleted.getOrDefault(why, 0L);
    }

    /** Deletes a crawl that has ended, because a person wants it. */
    public Deletion delete(String id) throws IOException {
        return delete(id, DeletedFor.REQUEST);
    }

    /** Deletes a crawl that has ended, after its readers have left. */
    Deletion delete(String id, DeletedFor why) throws IOException {
        try (Claim claim = claim(id)) {
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
            deleted.merge(why, 1L, Long::sum);
            CrawlLog.deleted(id, found.get().name(), why.words);
            readers.close(id);
            if (hasFolder) {
                data.endDeletion(id);
            }
            return Deletion.DONE;
        }
    }

    /** Claims a crawl for a request; null if another has it. */
    private @Nullable Claim claim(String id) {
        return claims.add(id) ? () -> claims.remove(id) : null;
    }

    /** A crawl that is no other's until this is closed. */
    private interface Claim extends AutoCloseable {
        @Override
        void close();
    }

    /** What became of a job that was submitted. */
    public sealed interface Submission {

        /** It waits, or runs already. */
        record Accepted(CrawlRecord crawl) implements Submission {}

        /** So many wait that no more may. */
        record Full(int waiting) implements Submission {}

        /** Nothing can be kept in the data folder at the moment, for this reason. */
        record Unkept(String reason) implements Submission {}

        /** The service stops, and takes no more; so many have not ended yet. */
        record Stopping(int live) implements Submission {}
    }

    /** What became of a request to resume a crawl. */
    public sealed interface Resumption {

        /** It waits for its turn. */
        record Accepted(CrawlRecord crawl) implements Resumption {}

        /** It cannot resume, for this reason. */
        record Hindered(String reason) implements Resumption {}

        /** It was deleted meanwhile. */
        record Gone(String id) implements Resumption {}

        /** So many wait that no more may. */
        record Full(int waiting) implements Resumption {}

        /** The service stops, and takes no more; so many have not ended yet. */
        record Stopping(int live) implements Resumption {}
    }

    /** What became of a request to end a crawl. */
    public sealed interface Cancellation {

        /** It ends, or has just ended because it had not begun. */
        record Asked(CrawlState state, Ending ending, ProgressView progress) implements Cancellation {}

        /** It had ended before. */
        record Over(CrawlState state) implements Cancellation {}
    }

    /** What became of a request to delete a crawl. */
    public enum Deletion {
        /** It is gone, with all its files. */
        DONE,
        /** It has not ended, and cannot be deleted. */
        LIVE,
        /** Another request resumes or deletes it at this moment. */
        BUSY,
        /** It does not exist. */
        UNKNOWN
    }

    /** Makes ids: the time, then chance, so they sort as they were made and cannot be guessed. Thread-safe. */
    static final class CrawlIds {

        private static final SecureRandom RANDOM = new SecureRandom();

        private final AtomicLong last = new AtomicLong();

        String next() {
            long millis = last.updateAndGet(before -> Math.max(before + 1, System.currentTimeMillis()));
            return padded(Long.toString(millis, 36), 9) + padded(Long.toString(RANDOM.nextLong(1L << 41), 36), 8);
        }

        private static String padded(String digits, int length) {
            return "0".repeat(length - digits.length()) + digits;
        }
    }
}
