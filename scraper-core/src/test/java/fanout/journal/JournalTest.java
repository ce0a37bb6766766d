package fanout.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.outcome.Step;
import fanout.page.Content;
import fanout.page.ContentDigest;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import fanout.url.Host;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a journal keeps from run to run, and what it lets go of. */
class JournalTest {

    private static final CrawlJob JOB = CrawlJob.builder("runs").startUrl("http://a.test/0").build();

    private final ManualTicker ticker = ManualTicker.stopped();

    @TempDir
    private Path folder;

    private Path path() {
        return folder.resolve("crawl.journal");
    }

    /** A run that lasts so long; each run but the first goes on from the one before. */
    private void run(Duration lasts) throws IOException {
        try (Journal journal = Journal.resume(path())) {
            Recording recording = Recording.of(journal, JOB, ticker);
            recording.begin(Position.at(0));
            ticker.advance(lasts.dividedBy(2));
            recording.commit(Position.at(1));
            ticker.advance(lasts.minus(lasts.dividedBy(2)));
            recording.commit(Position.at(2));
        }
    }

    private void compact(long groups) throws IOException {
        PathVolume volume = new PathVolume(path());
        FileChannel before = volume.open();
        try (JournalFile file = new JournalFile(volume, before, Files.size(path()), groups)) {
            file.rewrite(new Compaction(file.channel(), "journal"));
            assertThat(before.isOpen()).as("the old file").isFalse();
            assertThat(file.channel().isOpen()).as("the new one").isTrue();
        } finally {
            volume.release();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runsAndTheirTimesAreSummedAndSurviveACompaction(boolean compacted) throws IOException {
        run(Duration.ofSeconds(10));
        ticker.advance(Duration.ofHours(1)); // nothing runs
        run(Duration.ofSeconds(200));
        run(Duration.ofMinutes(50));
        if (compacted) {
            compact(3 * 3);
        }
        try (Journal journal = Journal.resume(path())) {
            Recording recording = Recording.of(journal, JOB, ticker);
            assertThat(recording.runs()).isEqualTo(4);
            assertThat(recording.elapsedBefore()).isEqualTo(Duration.ofSeconds(3_210));
            assertThat(journal.committed()).isEqualTo(Position.at(2));
        }
    }

    /** Begins a journal as version 1 did. */
    private void runOfVersion1(CrawlJob job) throws IOException {
        Fingerprint.Seed seed = new Fingerprint.Seed(7, 8);
        GroupWriter group = new GroupWriter(seed);
        group.head(new Head(Head.FIRST, Identity.ofVersion1(job, Map.of()), Instant.EPOCH, seed));
        group.run();
        group.commit(new Commit(Position.at(1), Counts.NONE, Duration.ofSeconds(5)));
        PathVolume volume = new PathVolume(path());
        try (JournalFile file = new JournalFile(volume, volume.open(), 0, 0)) {
            file.append(group.content());
        } finally {
            volume.release();
        }
    }

    private Head head() throws IOException {
        try (Journal journal = Journal.resume(path())) {
            return journal.earlier().head();
        }
    }

    @Test
    void journalOfVersion1IsOfVersion2OnceItIsResumed() throws IOException {
        runOfVersion1(JOB);
        assertThat(head().version()).as("only looked at").isEqualTo(1);

        run(Duration.ofSeconds(10));

        assertThat(head()).isEqualTo(new Head(2, Identity.of(JOB, Map.of()), Instant.EPOCH,
                new Fingerprint.Seed(7, 8)));
        try (Journal journal = Journal.resume(path())) {
            Recording recording = Recording.of(journal, JOB, ticker);
            assertThat(recording.runs()).isEqualTo(3);
            assertThat(recording.elapsedBefore()).isEqualTo(Duration.ofSeconds(15));
        }
    }

    @Test
    void journalOfVersion1OfAnotherJobIsRefused() throws IOException {
        runOfVersion1(CrawlJob.builder("runs").startUrl("http://a.test/1").build());
        try (Journal journal = Journal.resume(path())) {
            assertThatThrownBy(() -> Recording.of(journal, JOB, ticker)).isInstanceOf(JournalException.class)
                    .hasMessageContaining("another value of startUrls or startUrlsFile. ");
        }
        assertThat(head().version()).isEqualTo(1);
    }

    @Test
    void journalWithTheHeadsOfTwoCrawlsIsRefused() throws IOException {
        runOfVersion1(JOB);
        GroupWriter group = new GroupWriter(new Fingerprint.Seed(7, 9));
        group.head(new Head(Identity.of(JOB, Map.of()), Instant.EPOCH, new Fingerprint.Seed(7, 9)));
        PathVolume volume = new PathVolume(path());
        try (JournalFile file = new JournalFile(volume, volume.open(), Files.size(path()), 1)) {
            file.append(group.content());
        } finally {
            volume.release();
        }
        assertThatThrownBy(() -> Journal.resume(path())).isInstanceOf(JournalException.class)
                .hasMessageContaining("it has the heads of two crawls");
    }

    private static Request post(String body) {
        return Request.start(CanonicalUrl.of("http://a.test/0"), Optional.empty())
                .with(new Request.Details(Request.Method.POST, Map.of("X-A", "b"),
                        Optional.of(new Request.Body("text/plain", body)), -3, Map.of("page", 7)));
    }

    /** A request whose body is no UTF-8. */
    private static Request octets() {
        return Request.start(CanonicalUrl.of("http://a.test/0"), Optional.empty())
                .with(new Request.Details(Request.Method.POST, Map.of(),
                        Optional.of(new Request.Body("text/plain", "\u00fc\u0080", true)), 0, Map.of()));
    }

    /** One URL, and four requests: the outcome is that of one of them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestsOfOneUrlAreToldApartByMethodAndBody(boolean compacted) throws IOException {
        Request get = Request.start(CanonicalUrl.of("http://a.test/0"), Optional.empty());
        List<Request> admitted = List.of(get, post("one"), post("two"), octets());
        try (Journal journal = Journal.create(path())) {
            Recording recording = Recording.of(journal, JOB, ticker);
            recording.begin(Position.at(0));
            recording.add(new Step(1, List.of(new Failed(post("one"), Trail.NONE, new Failure.HttpStatus(
                    404))), admitted, List.of(), Counts.NONE, false));
            recording.commit(Position.at(1));
        }
        if (compacted) {
            compact(2);
        }
        List<Request> waiting = new ArrayList<>();
        try (Journal journal = Journal.resume(path())) {
            Recording.of(journal, JOB, ticker).replay(new Replay() {
                @Override
                public void counted(Counts counts, long ok) {}

                @Override
                public void changed(Change change) {}

                @Override
                public void firstPage(ContentDigest digest, CanonicalUrl url) {}

                @Override
                public void known(FingerprintSet prints) {
                    assertThat(prints.size()).isOne();
                }

                @Override
                public void waiting(List<Waiting> some) {
                    some.forEach(each -> waiting.add(each.request()));
                }
            });
        }
        assertThat(waiting).containsExactly(get, post("two"), octets());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pagesThatWereOkAreKnownByHostAndLabel(boolean compacted) throws IOException {
        Request first = labelled("http://a.test/1", "x");
        Request second = labelled("http://a.test/2", "x");
        Request third = labelled("http://b.test/3", "y");
        Request plain = Request.start(CanonicalUrl.of("http://a.test/4"), Optional.empty());
        Request failed = labelled("http://a.test/5", "x");
        List<Request> all = List.of(first, second, third, plain, failed);
        try (Journal journal = Journal.create(path())) {
            Recording recording = Recording.of(journal, JOB, ticker);
            recording.begin(Position.at(0));
            recording.add(new Step(1, List.of(ok(first)), all));
            recording.commit(Position.at(1));
            recording.add(new Step(2, List.of(ok(second), ok(third), ok(plain),
                    new Failed(failed, Trail.NONE, new Failure.HttpStatus(404))), List.of()));
            recording.commit(Position.at(2));
        }
        if (compacted) {
            compact(2);
        }
        Map<String, Long> pages = new TreeMap<>();
        Replay replay = new Replay() {
            @Override
            public void counted(Counts counts, long ok) {}

            @Override
            public void changed(Change change) {}

            @Override
            public void okPages(Host host, Optional<String> label, long more) {
                pages.merge(host.name() + " " + label.orElse("-"), more, Long::sum);
            }

            @Override
            public void firstPage(ContentDigest digest, CanonicalUrl url) {}

            @Override
            public void known(FingerprintSet prints) {}

            @Override
            public void waiting(List<Waiting> some) {}
        };
        try (Journal journal = Journal.resume(path())) {
            Recording.of(journal, JOB, ticker).replay(replay);
        }
        assertThat(pages).as("no part of the job has a limit").isEmpty();
        try (Journal journal = Journal.resume(path())) {
            Recording.of(journal, JOB.toBuilder()
                    .limits(Limits.DEFAULT.toBuilder().maxPagesPerHost(1).build())
                    .build(), ticker).replay(replay);
        }
        assertThat(pages).isEqualTo(Map.of("a.test x", 2L, "a.test -", 1L, "b.test y", 1L));
    }

    private static Request labelled(String url, String label) {
        return Request.start(CanonicalUrl.of(url), Optional.of(label));
    }

    private static Fetched ok(Request request) {
        return new Fetched(request, Trail.NONE, Content.UNREAD, List.of());
    }

    /** A name that no file may have: the next to try is told the same, and not that a crawl has the journal. */
    @Test
    void journalThatCannotBeOpenedIsHeldByNoCrawl() {
        Path tooLong = folder.resolve("j".repeat(300));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> Journal.create(tooLong)).isInstanceOf(FileSystemException.class)
                    .isNotInstanceOf(JournalException.class);
        }
    }

    @Test
    void journalIsRemovedIfNothingWasWrittenOrNothingIsLeftToDo() throws IOException {
        Journal.create(path()).close();
        assertThat(path()).as("nothing was written").doesNotExist();
        run(Duration.ofSeconds(1));
        assertThat(path()).exists();
        try (Journal journal = Journal.resume(path())) {
            Recording.of(journal, JOB, ticker).exhausted();
        }
        assertThat(path()).as("nothing is left to do").doesNotExist();
    }

    /**
     * What a journal has taken is what lies there, also after another has taken its place; and that is for the same
     * users.
     */
    @Test
    void journalTakesTheSpaceThatItHas() throws IOException {
        CountedSpace space = new CountedSpace();
        try (Journal journal = Journal.resume(path(), space)) {
            Recording recording = Recording.of(journal, JOB, ticker);
            recording.begin(Position.at(0));
            recording.commit(Position.at(1));
            assertThat(space.taken).hasValue(Files.size(path()));
            space.takes = 10;
            assertThatThrownBy(() -> recording.commit(Position.at(2))).isSameAs(space.exceeded());
            assertThat(space.taken).as("nothing was taken").hasValue(Files.size(path()));
        }
        space.takes = Long.MAX_VALUE;
        Set<PosixFilePermission> mine = PosixFilePermissions.fromString("rw-------");
        Files.setPosixFilePermissions(path(), mine);
        PathVolume volume = new PathVolume(path(), space);
        try (JournalFile file = new JournalFile(volume, volume.open(), Files.size(path()), 2)) {
            file.rewrite(new Compaction(file.channel(), "journal"));
            assertThat(space.taken).as("compacted").hasValue(Files.size(path()));
            assertThatThrownBy(() -> file.rewrite(next -> {
                new Compaction(file.channel(), "journal").into(next);
                throw new IOException("half way");
            })).hasMessage("half way");
            assertThat(space.taken).as("not compacted").hasValue(Files.size(path()));
        } finally {
            volume.release();
        }
        assertThat(Files.getPosixFilePermissions(path())).isEqualTo(mine);
    }

    private static Step step(int number, Request request, boolean isProvisional) {
        Outcome line = new Skipped(request, Trail.NONE, SkipReason.BUDGET, Optional.empty());
        return new Step(number, List.of(line), List.of(), List.of(), Counts.NONE, isProvisional);
    }

    /** A line that the crawl takes back when it resumes is still to come. */
    @Test
    void aReservationEndsOnceWithTheCommitOfItsLine() throws IOException {
        CountedSpace space = new CountedSpace();
        try (Journal journal = Journal.resume(path(), space)) {
            Recording recording = Recording.of(journal, JOB, ticker);
            recording.begin(Position.at(0));
            long ended = 0;
            for (int i = 1; i <= 3; i++) {
                Request request = Request.start(CanonicalUrl.of("http://a.test/" + "x".repeat(i)), Optional.empty());
                recording.add(step(i, request, false));
                assertThat(space.reserved).as("before commit %d", i).hasValue(-ended);
                recording.commit(Position.at(i));
                ended += Space.ofLine(request);
                assertThat(space.reserved).as("after commit %d", i).hasValue(-ended);
            }
            Request left = Request.start(CanonicalUrl.of("http://a.test/left"), Optional.empty());
            recording.add(step(4, left, true));
            recording.commit(Position.at(4));
            assertThat(space.reserved).as("of a line that is provisional").hasValue(-ended);
        }
    }

    @Test
    void journalIsCompactedOnlyIfThereIsSpaceForTwo() throws IOException {
        CountedSpace space = new CountedSpace();
        try (Journal journal = new EagerVolume(path(), space).resume()) {
            Recording recording = Recording.of(journal, JOB, ticker);
            recording.begin(Position.at(0));
            long compacted = Files.size(path());
            space.takes = compacted;
            for (int i = 1; i < 50; i++) {
                recording.commit(Position.at(i));
            }
            assertThat(Files.size(path())).isGreaterThan(5 * compacted).isEqualTo(space.taken.get());
            space.takes = Long.MAX_VALUE;
            recording.commit(Position.at(50));
            assertThat(Files.size(path())).isLessThan(2 * compacted).isEqualTo(space.taken.get());
        }
    }

    /** Journals in a folder that are soon worth compacting. */
    private static final class EagerVolume extends TestVolume {

        private final PathVolume volume;

        private EagerVolume(Path path, Space space) throws IOException {
            this.volume = new PathVolume(path, space);
        }

        @Override
        public String name() {
            return volume.name();
        }

        @Override
        public FileChannel open() throws IOException {
            return volume.open();
        }

        @Override
        public FileChannel openNext() throws IOException {
            return volume.openNext();
        }

        @Override
        public void replace() throws IOException {
            volume.replace();
        }

        @Override
        public void remove() throws IOException {
            volume.remove();
        }

        @Override
        public Space space() {
            return volume.space();
        }

        @Override
        public long leastToCompact() {
            return 100;
        }

        @Override
        public void release() {
            volume.release();
        }
    }

    @Test
    void journalIsInspectedWithoutBeingChangedOrTaken() throws IOException {
        run(Duration.ofSeconds(1));
        try (Journal _ = Journal.resume(path())) {
            assertThat(Journal.inspect(path()))
                    .isEqualTo(new Journal.Inspection(Position.at(2),
                            Optional.of(Instant.parse("2030-01-01T00:00:00Z")), Optional.empty()));
        }
        byte[] whole = Files.readAllBytes(path());
        Files.write(path(), Arrays.copyOf(whole, whole.length - 1));
        assertThat(Journal.inspect(path()).loss())
                .hasValueSatisfying(loss -> assertThat(loss).contains("its last group"));
        assertThat(Journal.inspect(path()).committed()).isEqualTo(Position.at(1));
        assertThat(path()).hasSize(whole.length - 1L);
        whole[whole.length / 2] ^= 1;
        Files.write(path(), whole);
        assertThatThrownBy(() -> Journal.inspect(path())).isInstanceOf(JournalException.class);
    }

    @Test
    void crawlWhoseOutputsWereMovedIsDiscarded() throws IOException {
        run(Duration.ofSeconds(1));
        try (Journal journal = Journal.create(path())) {
            assertThat(path()).as("until then it can be resumed").isNotEmptyFile();
            journal.discardEarlier();
            assertThat(Journal.inspect(path()).startedAt()).isEmpty();
        }
        run(Duration.ofSeconds(1));
        try (Journal journal = Journal.resume(path())) {
            assertThatThrownBy(journal::discardEarlier).isInstanceOf(IllegalStateException.class);
        }
        assertThat(Journal.inspect(path()).startedAt()).isPresent();
    }

    /** A person may want the link; whoever does not know who made it asks for none. */
    @Test
    void linkIsFollowedUnlessItIsNotToBe() throws IOException {
        run(Duration.ofSeconds(1));
        Path link = Files.createSymbolicLink(folder.resolve("link.journal"), path());
        byte[] before = Files.readAllBytes(path());
        assertThat(Journal.inspect(link).committed()).isEqualTo(Position.at(2));
        assertThatThrownBy(() -> Journal.inspect(link, LinkOption.NOFOLLOW_LINKS)).isInstanceOf(IOException.class);
        assertThat(Journal.inspect(path(), LinkOption.NOFOLLOW_LINKS)).isEqualTo(Journal.inspect(path()));
        assertThatThrownBy(() -> Journal.resume(link, Space.UNLIMITED, LinkOption.NOFOLLOW_LINKS))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("must be a regular file");
        try (Journal journal = Journal.resume(link, Space.UNLIMITED)) {
            assertThat(journal.isResumed()).isTrue();
        }
        try (Journal journal = Journal.resume(path(), Space.UNLIMITED, LinkOption.NOFOLLOW_LINKS)) {
            assertThat(journal.isResumed()).isTrue();
        }
        assertThat(path()).hasBinaryContent(before);
    }

    /** Opening would make the file that the link leads to. */
    @Test
    void linkToNothingIsNotFollowedEither() throws IOException {
        Path link = Files.createSymbolicLink(path(), folder.resolve("missing"));
        assertThatThrownBy(() -> Journal.resume(link, Space.UNLIMITED, LinkOption.NOFOLLOW_LINKS))
                .isInstanceOf(JournalException.class);
        assertThat(folder.resolve("missing")).doesNotExist();
    }
}
