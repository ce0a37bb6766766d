package fanout.journal;

import fanout.internal.annotation.Internal;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.outcome.Counts;
import fanout.outcome.Step;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import fanout.url.Host;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One run's use of a journal: what earlier runs have left is {@linkplain #replay replayed}, then the run
 * {@linkplain #begin begins}, and its steps are added and committed.
 *
 * <p>A commit makes what the sinks hold and what the journal says one: the sinks' position first, then the group that
 * names it. So whatever is lost, the journal names no line that the files have not got.
 *
 * <p>Confined to one thread at a time.
 */
@Internal
public final class Recording {

    /** A journal is compacted when it is so many times what it was after the last time. */
    private static final int COMPACT_AT = 4;

    private final JournalFile file;
    private final Head head;
    private final Ticker ticker;
    private final Consumer<Position> committed;
    private final Runnable exhausted;
    private final GroupWriter group;
    private final Survey earlier;
    /** Whether the job limits parts of the crawl. */
    private final boolean countsParts;
    private final Duration elapsedBefore;
    private final long startedNanos;
    private long compactedAt;
    private Counts counts;
    /** Reserved for lines of the group at hand. */
    private long reserved;

    /**
     * @param earlier what the file says; empty if it is new
     * @param committed told of each position that is committed
     * @param exhausted told that nothing is left to do
     * @param countsParts whether the job limits parts of the crawl
     */
    private Recording(JournalFile file, Head head, Survey earlier, Ticker ticker, Consumer<Position> committed,
            Runnable exhausted, boolean countsParts) {
        this.file = file;
        this.head = head;
        this.earlier = earlier;
        this.ticker = ticker;
        this.committed = committed;
        this.exhausted = exhausted;
        this.countsParts = countsParts;
        this.group = new GroupWriter(head.seed());
        this.elapsedBefore = earlier.earlier().plus(earlier.ofLastRun());
        this.startedNanos = ticker.nanos();
        this.compactedAt = earlier.compactedAt();
        this.counts = earlier.counts();
    }

    /**
     * Takes a journal for one run of a job.
     *
     * @throws JournalException if it is the journal of another job; nothing was changed
     */
    public static Recording of(Journal journal, CrawlJob job, Ticker ticker) throws JournalException {
        return new Recording(journal.file(), journal.take(job, ticker), journal.earlier(), ticker,
                journal::committed, journal::exhausted, job.limits().countParts());
    }

    /** What the fingerprints of the crawl's URLs are made with. */
    public Fingerprint.Seed seed() {
        return head.seed();
    }

    /** What the crawl's files may take on the disk. */
    public Space space() {
        return file.space();
    }

    /** When the first run began. */
    public Instant startedAt() {
        return head.startedAt();
    }

    /** Runs, this one included. */
    public int runs() {
        return earlier.runs() + 1;
    }

    /** How long the runs before this one took. */
    public Duration elapsedBefore() {
        return elapsedBefore;
    }

    /** What the outcomes of the runs before this one add up to. */
    public Sums sums() {
        return earlier.sums();
    }

    /** Whether there were runs before this one. */
    public boolean isResumed() {
        return earlier.runs() > 0;
    }

    /** Gives what the runs before this one have left. Called at most once. */
    public void replay(Replay replay) throws IOException {
        if (isResumed()) {
            replay.counted(earlier.counts(), earlier.sums().ok());
            earlier.changes().forEach(replay::changed);
            if (countsParts) {
                new GroupScan(file.channel(), file.name()).read(new OkPages(replay));
            }
            FingerprintSet known = earlier.giveKnown();
            replay.known(known);
            SecondPass urls = new SecondPass(earlier, known, replay);
            new GroupScan(file.channel(), file.name()).read(urls);
            urls.end();
        }
    }

    /** Gives only how many pages were ok: before any URL that waits, for that may depend on it. */
    private record OkPages(Replay replay) implements Records {

        @Override
        public void okPages(Host host, Optional<String> label, long pages) {
            replay.okPages(host, label, pages);
        }
    }

    /**
     * Begins the run, and is the first commit. A journal of version 1 is of the present version from here on: its new
     * head is in the group that begins the run.
     */
    public void begin(Position position) throws IOException {
        if (!isResumed() || !earlier.head().isOfThisVersion()) {
            group.head(head);
        }
        group.run();
        commit(position);
    }

    /** Adds a step whose outcomes the sinks were given, or that is provisional. */
    public void add(Step step) {
        group.step(step);
        counts = step.counts();
        if (!step.isProvisional()) {
            step.outcomes().forEach(outcome -> reserved += Space.ofLine(outcome.request()));
        }
    }

    /** Whether there is something to commit. */
    public boolean hasNews() {
        return !group.isEmpty();
    }

    /** Whether there is so much to commit that it should not wait. */
    public boolean isFull() {
        return group.size() >= Group.ENOUGH;
    }

    /**
     * Commits the steps that were added.
     *
     * @param position of the sinks, which is on the disk
     */
    public void commit(Position position) throws IOException {
        group.commit(new Commit(position, counts, Duration.ofNanos(ticker.nanos() - startedNanos)));
        file.append(group.content());
        group.clear();
        file.space().reserve(-reserved);
        reserved = 0;
        committed.accept(position);
        if (file.size() >= Math.max(file.leastToCompact(), COMPACT_AT * compactedAt) && hasSpaceForAnother()) {
            file.rewrite(new Compaction(file.channel(), file.name()));
            compactedAt = file.size();
        }
    }

    /** While a journal is compacted there are two. Without space for that it stays as it is. */
    private boolean hasSpaceForAnother() {
        try {
            file.space().take(file.size());
        } catch (IOException e) {
            return false;
        }
        file.space().giveBack(file.size());
        return true;
    }

    /** The crawl has nothing left to do: its journal is removed when it is closed. */
    public void exhausted() {
        exhausted.run();
    }
}
