package fanout.journal;

import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.journal.JournalException.Refusal;
import fanout.url.Fingerprint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The journal of one crawl: a file from which the crawl resumes after its process was killed, its disk was full or its
 * machine lost its power. A crawl that is made with it writes what it settles into it, once a second; one that is made
 * with a journal that was {@linkplain #resume resumed} continues where that ends. Every URL and every item then stands
 * in the files exactly once.
 *
 * <p>{@link #committed} may be asked by any thread; everything else is for one thread at a time, and while the crawl
 * runs the journal is the crawl's. The caller that opens a journal closes it after the crawl, and after the sinks: a
 * journal whose crawl ended as {@code exhausted} is removed then. Until it is closed, or its process ends, no other
 * crawl gets it.
 *
 * <p>A journal that cannot be written ends its crawl as a sink does that fails, and can still be resumed.
 */
public final class Journal implements AutoCloseable {

    private final Volume volume;
    private final JournalFile file;
    private final Survey earlier;
    private final Map<String, String> also;
    private final Optional<String> loss;
    private volatile Position committed;
    private boolean isUsed;
    private boolean isExhausted;

    private Journal(Volume volume, JournalFile file, Survey earlier, Map<String, String> also, Optional<String> loss) {
        this.volume = volume;
        this.file = file;
        this.earlier = earlier;
        this.also = Map.copyOf(also);
        this.loss = loss;
        this.committed = earlier.position();
    }

    /**
     * A new journal in this place; one that lies there is replaced when the crawl begins.
     *
     * @throws JournalException if another crawl has it
     * @throws IOException if it cannot be written
     */
    public static Journal create(Path path) throws IOException {
        return create(path, Map.of());
    }

    /**
     * As {@link #create(Path)}.
     *
     * @param also what must be the same, in addition to the job, when the crawl is resumed, such as the paths of
     *     outputs: by the words that a person is told
     */
    public static Journal create(Path path, Map<String, String> also) throws IOException {
        return on(new PathVolume(path), false, also);
    }

    /**
     * The journal that lies in this place, or a new one if none does. A damaged end is left out. Nothing is changed
     * before the crawl begins.
     *
     * @throws JournalException if another crawl has it, or it is damaged before its end; nothing was changed
     * @throws IOException if it cannot be read
     */
    public static Journal resume(Path path) throws IOException {
        return resume(path, Map.of());
    }

    /** As {@link #resume(Path)}, for a journal that was created with the same {@code also}. */
    public static Journal resume(Path path, Map<String, String> also) throws IOException {
        return on(new PathVolume(path), true, also);
    }

    /**
     * As {@link #resume(Path)}.
     *
     * @param space from which the journal takes what it writes; what lies there was taken before
     * @param options whether a symbolic link is followed, as it is without any; with {@link LinkOption#NOFOLLOW_LINKS}
     *     it is refused, as everything is that is no regular file
     */
    public static Journal resume(Path path, Space space, LinkOption... options) throws IOException {
        return on(new PathVolume(path, space, options), true, Map.of());
    }

    /** A journal on any volume; see {@link #create} and {@link #resume}. */
    static Journal on(Volume volume, boolean resumed, Map<String, String> also) throws IOException {
        FileChannel channel = volume.open();
        try {
            Survey survey = new Survey();
            GroupScan scan = new GroupScan(channel, volume.name());
            if (resumed) {
                scan.read(survey);
                if (!survey.isCommitted()) {
                    throw scan.damagedEnd();
                }
            }
            Optional<String> loss = resumed ? loss(volume.name(), scan) : Optional.empty();
            return new Journal(volume, new JournalFile(volume, channel, scan.end(), scan.groups()), survey, also, loss);
        } catch (IOException | RuntimeException | Error e) {
            try (channel) {
                throw e;
            } finally {
                volume.release();
            }
        }
    }

    /**
     * What a journal says that another crawl may have.
     *
     * @param committed as {@link Journal#committed}
     * @param startedAt when the first run began; empty if the journal has none
     * @param loss as {@link Journal#loss}
     */
    public record Inspection(Position committed, Optional<Instant> startedAt, Optional<String> loss) {}

    /**
     * Reads a journal, which is neither locked nor changed. One that a crawl is writing may seem to be damaged at its
     * end.
     *
     * @param options whether a symbolic link is followed, as it is without any
     * @throws JournalException if it is damaged before its end
     * @throws IOException if it cannot be read
     */
    public static Inspection inspect(Path path, LinkOption... options) throws IOException {
        Set<OpenOption> opening = new HashSet<>(Set.of(options));
        opening.add(StandardOpenOption.READ);
        try (FileChannel channel = FileChannel.open(path, opening)) {
            Survey survey = new Survey();
            GroupScan scan = new GroupScan(channel, path.toString());
            scan.read(survey);
            if (!survey.isCommitted()) {
                throw scan.damagedEnd();
            }
            return new Inspection(survey.position(),
                    survey.runs() > 0 ? Optional.of(survey.head().startedAt()) : Optional.empty(),
                    loss(path.toString(), scan));
        }
    }

    private static Optional<String> loss(String name, GroupScan scan) {
        return scan.lost() == 0 ? Optional.empty()
                : Optional.of(name + ": its last group, of " + scan.lost() + " bytes from byte " + scan.end()
                        + " on, is damaged and left out; its URLs are fetched again");
    }

    /**
     * Removes at once what lies in this place, which otherwise happens when the crawl begins: its outputs are no longer
     * where it left them. For a journal that was created.
     *
     * @throws IOException if it cannot be removed
     */
    public void discardEarlier() throws IOException {
        if (isResumed() || isUsed) {
            throw new IllegalStateException("a crawl uses this journal: " + volume.name());
        }
        file.channel().truncate(0);
        file.channel().force(true);
    }

    /** Whether there is a crawl to resume. */
    public boolean isResumed() {
        return earlier.runs() > 0;
    }

    /** Pages that earlier runs have fetched, which count towards {@code maxPages}. */
    public long okPages() {
        return earlier.sums().ok();
    }

    /** What was damaged and is left out, in one line for people. */
    public Optional<String> loss() {
        return loss;
    }

    /**
     * How far the sinks had written at the last commit: a resumed crawl keeps what lies before it, and cuts off the
     * rest. While the crawl runs it grows at least every second that brings something.
     */
    public Position committed() {
        return committed;
    }

    /**
     * Takes the journal for a run.
     *
     * @throws JournalException if it is of another job; nothing was changed
     */
    Head take(CrawlJob job, Ticker ticker) throws JournalException {
        if (isUsed) {
            throw new IllegalStateException("a journal is opened for one crawl: " + volume.name());
        }
        Identity identity = Identity.of(job, also);
        if (!isResumed()) {
            isUsed = true;
            return new Head(identity, ticker.now(), Fingerprint.Seed.random());
        }
        Head head = earlier.head();
        refuseAnother(head.identity(), head.isOfThisVersion() ? identity : Identity.ofVersion1(job, also));
        if (job.limits().countParts() && !earlier.knowsParts()) {
            throw new JournalException(Refusal.OTHER_JOB, volume.name()
                    + ": an earlier version of the program wrote it, which did not note the hosts and labels of the "
                    + "pages that were ok, and " + job.limits().partKeys() + " counts these. Take that out, or start "
                    + "the crawl again from the beginning");
        }
        isUsed = true;
        return new Head(identity, head.startedAt(), head.seed());
    }

    JournalFile file() {
        return file;
    }

    /** What earlier runs have left. */
    Survey earlier() {
        return earlier;
    }

    void committed(Position position) {
        committed = position;
    }

    private void refuseAnother(Identity ours, Identity identity) throws JournalException {
        List<String> differences = ours.differencesFrom(identity);
        if (!differences.isEmpty()) {
            throw new JournalException(Refusal.OTHER_JOB,
                    volume.name() + ": it is the journal of the crawl " + ours.name()
                            + ", and this job has another value of " + String.join(", ", named(differences))
                            + ". Put that back, or start the crawl again from the beginning");
        }
    }

    /** The requests of a file are start URLs like the others. */
    private static List<String> named(List<String> differences) {
        return differences.stream().map(key -> key.equals("startUrls") ? "startUrls or startUrlsFile" : key).toList();
    }

    /** The crawl has nothing left to do. */
    void exhausted() {
        isExhausted = true;
    }

    /** Closes the journal, and removes it if its crawl is exhausted. Idempotent. */
    @Override
    public void close() throws IOException {
        if (!file.channel().isOpen()) {
            return;
        }
        try (file) {
            if (isExhausted || file.channel().size() == 0) {
                volume.remove();
            }
        } finally {
            volume.release();
        }
    }
}
