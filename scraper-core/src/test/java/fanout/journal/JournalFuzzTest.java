package fanout.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.journal.JournalException.Refusal;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.HostMemory;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.page.Attempt;
import fanout.page.ContentDigest;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.FingerprintSet;
import fanout.url.Host;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals that were cut, or in which bits were flipped: the last group may be lost, and nothing else is believed. */
class JournalFuzzTest {

    private static final int CASES = Boolean.getBoolean("fanout.ci") ? 10_000 : 1_000;
    private static final int GROUPS = 8;
    private static final CrawlJob JOB = CrawlJob.builder("fuzz").startUrl("http://a.test/0").build();

    @TempDir
    private Path folder;

    private Path path;
    private byte[] whole;
    /** What the journal says when it ends there. */
    private final List<State> states = new ArrayList<>();

    /** What a journal says. */
    record State(long end, Position position, Set<String> waiting, long known, Counts counts, Set<String> changes) {}

    /** Notes what is replayed. */
    private static final class Notes implements Replay {

        private final Set<String> waiting = new TreeSet<>();
        private final Set<String> changes = new TreeSet<>();
        private long known;
        private Counts counts = Counts.NONE;

        @Override
        public void counted(Counts value, long ok) {
            counts = value;
        }

        @Override
        public void changed(Change change) {
            changes.add(change.toString());
        }

        @Override
        public void firstPage(ContentDigest digest, CanonicalUrl url) {}

        @Override
        public void known(FingerprintSet prints) {
            known = prints.size();
        }

        @Override
        public void waiting(List<Waiting> some) {
            some.forEach(each -> waiting.add(each.request() + " after " + each.hops()));
        }

        State state(long end, Position position) {
            return new State(end, position, waiting, known, counts, changes);
        }
    }

    private static Request request(int number) {
        return new Request(CanonicalUrl.of("http://a.test/" + number), number % 4,
                number % 3 == 0 ? Optional.of("label" + number % 2) : Optional.empty(),
                number == 0 ? Optional.empty() : Optional.of(CanonicalUrl.of("http://a.test/" + number / 2)),
                details(number));
    }

    /** Of each third of the requests there are none. What a POST is redirected to is a GET. */
    private static Request.Details details(int number) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("text", "é " + number);
        data.put("whole", Long.MAX_VALUE);
        data.put("huge", BigInteger.TWO.pow(64 + number % 8));
        data.put("decimal", new BigDecimal("1." + number));
        data.put("truth", number % 2 == 0);
        return switch (number / 10 % 3) {
            case 0 -> Request.Details.NONE;
            case 1 -> new Request.Details(number % 10 == 1 ? Request.Method.GET : Request.Method.POST,
                    Map.of("X-Number", "n" + number),
                    number % 10 == 1 ? Optional.empty() : Optional.of(new Request.Body("text/plain", "b" + number)),
                    number % 2 == 0 ? Integer.MIN_VALUE + number : number, Map.of())
                    .with(List.of(Request.References.values()).get(number % 4));
            default -> Request.Details.of(data);
        };
    }

    private static Outcome outcome(int number) {
        return new Failed(request(number), trail(), new Failure.HttpStatus(404));
    }

    private static Trail trail() {
        return new Trail(2, 1,
                Optional.of(new Attempt(Instant.EPOCH, Duration.ofMillis(7), Optional.of(Duration.ofMillis(3)),
                        Optional.of(new ResponseHead(302, Optional.of("text/html"), Optional.of("\"e\""),
                                Optional.empty())),
                        Optional.of("127.0.0.1"))));
    }

    @BeforeEach
    void write() throws IOException {
        path = folder.resolve("crawl.journal");
        List<Long> ends = new ArrayList<>();
        try (Journal journal = Journal.create(path)) {
            Recording recording = Recording.of(journal, JOB, Ticker.system());
            recording.begin(Position.at(0));
            ends.add(Files.size(path));
            for (int group = 1; group <= GROUPS; group++) {
                for (int step = 0; step < 5; step++) {
                    recording.add(step(group * 5 + step));
                }
                recording.commit(Position.of(List.of(Position.at(group * 100L), Position.at(group * 7L))));
                ends.add(Files.size(path));
            }
        }
        whole = Files.readAllBytes(path);
        for (int group = 0; group <= GROUPS; group++) {
            states.add(written(group, ends.get(group)));
        }
    }

    /** What was written in so many groups, by the words of the steps: the reader is not asked what is right. */
    private static State written(int groups, long end) {
        Set<String> waiting = new TreeSet<>();
        Set<String> changes = new TreeSet<>();
        long known = 0;
        int last = groups * 5 + 4;
        for (int number = 5; number <= last; number++) {
            boolean redirects = number % 4 == 0;
            String target = request(number * 10 + 1) + " after ";
            waiting.add(redirects ? target + List.of(redirect(number)) : target + List.of());
            known++;
            if (redirects) {
                known++;
                sitemapAndScope(number).forEach(change -> changes.add(change.toString()));
            } else {
                waiting.add(request(number * 10) + " after " + List.of());
            }
        }
        if (last >= 8) {
            changes.add(hostChanged(last / 4 * 4).toString()); // the last one holds
        }
        Position position = groups == 0 ? Position.at(0)
                : Position.of(List.of(Position.at(groups * 100L), Position.at(groups * 7L)));
        return new State(end, position, waiting, known, groups == 0 ? Counts.NONE : counts(last), changes);
    }

    @Test
    void wholeJournalSaysWhatWasWritten() throws IOException {
        for (State state : states) {
            assertThat(stateOf(Arrays.copyOf(whole, (int) state.end))).contains(state);
        }
    }

    /** Every second sitemap is read to its end, well or not. */
    private static List<Change> sitemapAndScope(int number) {
        CanonicalUrl map = CanonicalUrl.of("http://a.test/map" + number);
        List<Change> changes = new ArrayList<>(List.of(new Change.SitemapFound(map)));
        if (number % 8 == 0) {
            changes.add(new Change.SitemapEnded(map,
                    number % 16 == 0 ? Optional.of(Reason.HTTP_STATUS) : Optional.empty(), "detail " + number));
            changes.add(new Change.Widened(new Host("b" + number + ".test", 80)));
        }
        return changes;
    }

    private static Redirected redirect(int number) {
        return new Redirected(request(number * 10), trail(), request(number * 10 + 1).url());
    }

    private static Change hostChanged(int number) {
        return new Change.HostChanged(new HostMemory(request(number * 10).url().host(), Duration.ofMillis(number),
                Instant.EPOCH.plusSeconds(number), 1, 2, 3, Instant.EPOCH));
    }

    private static Counts counts(int number) {
        return new Counts(number, 1, 2, 3, 4, 5, 6, 7, 8, Map.of(Stage.DNS, 9L));
    }

    /** Three URLs come in, one has its outcome, and a redirect is followed now and then. */
    private static Step step(int number) {
        Request followed = request(number * 10);
        List<Change> changes = number % 4 == 0
                ? new ArrayList<>(List.of(new Change.Followed(redirect(number)),
                        hostChanged(number)))
                : new ArrayList<>();
        if (number % 4 == 0) {
            changes.addAll(sitemapAndScope(number));
        }
        return new Step(number, List.of(outcome(number * 10 + 2)),
                List.of(followed, request(number * 10 + 1), request(number * 10 + 2)), changes,
                counts(number), false);
    }

    /** What a journal of these bytes says; empty if it is refused. Its file is as it was, in any case. */
    private Optional<State> stateOf(byte[] bytes) throws IOException {
        Files.write(path, bytes);
        try (Journal journal = Journal.resume(path)) {
            Notes notes = new Notes();
            Recording recording = Recording.of(journal, JOB, Ticker.system());
            recording.replay(notes);
            long end = bytes.length - journal.loss().map(JournalFuzzTest::bytesOf).orElse(0L);
            return Optional.of(notes.state(end, journal.committed()));
        } catch (JournalException e) {
            assertThat(e.refusal()).isEqualTo(Refusal.DAMAGED);
            assertThat(e).hasMessageContaining(path.toString()).hasMessageContaining("byte");
            return Optional.empty();
        } finally {
            assertThat(bytes.length == 0 || Arrays.equals(Files.readAllBytes(path), bytes)).as("not cut").isTrue();
        }
    }

    private static long bytesOf(String loss) {
        return Long.parseLong(loss.replaceFirst(".* of (\\d+) bytes from.*", "$1"));
    }

    /** What lies before this place, and is whole. */
    private State lastBefore(int place) {
        return states.stream()
                .filter(state -> state.end <= place)
                .reduce((_, later) -> later)
                .orElse(states.getFirst());
    }

    @Test
    void cutJournalSaysWhatItsWholeGroupsSay() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < CASES / 2; i++) {
            int cut = random.nextInt((int) states.getFirst().end, whole.length + 1);
            assertThat(stateOf(Arrays.copyOf(whole, cut))).as("cut at %d", cut).contains(lastBefore(cut));
        }
    }

    @Test
    void flippedBitLosesTheLastGroupAndRefusesAllBeforeIt() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        long lastGroup = states.get(GROUPS - 1).end;
        for (int i = 0; i < CASES / 2; i++) {
            byte[] bytes = whole.clone();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Optional<State> state = stateOf(bytes);
            if (at >= lastGroup) {
                assertThat(state).as("flipped at %d", at).contains(states.get(GROUPS - 1));
            } else {
                assertThat(state).as("flipped at %d", at).isEmpty();
            }
        }
    }

    /** A crash may leave zeros where the file has grown, and any part of the group that was being written. */
    @Test
    void tornLastGroupIsLeftOut() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        int lastGroup = (int) states.get(GROUPS - 1).end;
        for (int i = 0; i < CASES / 10; i++) {
            byte[] bytes = whole.clone();
            int from = random.nextInt(lastGroup, bytes.length);
            Arrays.fill(bytes, from, random.nextInt(from, bytes.length) + 1, (byte) 0);
            boolean same = Arrays.equals(bytes, whole);
            assertThat(stateOf(bytes)).contains(states.get(same ? GROUPS : GROUPS - 1));
        }
    }

    @Test
    void tornBeginningIsAnEmptyJournalAndAnythingElseIsRefused() throws IOException {
        for (byte[] torn : List.of(new byte[40], Arrays.copyOf(whole, 3), Arrays.copyOf(whole, 30))) {
            assertThat(stateOf(torn).orElseThrow().known).isZero();
        }
        Files.writeString(path, "my notes");
        assertThatThrownBy(() -> Journal.resume(path)).isInstanceOf(JournalException.class)
                .hasMessageContaining("this is no journal");
        assertThat(path).hasContent("my notes");
    }

    /** A compacted journal says the same, but for what nobody asks for again. */
    @Test
    void compactedJournalSaysTheSame() throws IOException {
        State before = stateOf(whole).orElseThrow();
        Files.write(path, whole);
        PathVolume volume = new PathVolume(path);
        try (JournalFile file = new JournalFile(volume, volume.open(), whole.length, GROUPS + 1)) {
            file.rewrite(new Compaction(file.channel(), "journal"));
        } finally {
            volume.release();
        }
        byte[] compacted = Files.readAllBytes(path);

        assertThat(compacted).hasSizeLessThan(whole.length);
        assertThat(stateOf(compacted).orElseThrow()).usingRecursiveComparison().ignoringFields("end").isEqualTo(before);
    }

    /** Its groups were all on the disk before it took the place of the other one: no crash has damaged the last one. */
    @Test
    void compactedJournalNeedsItsLastGroupAndLosesOneThatFollows() throws IOException {
        List<Request> many = IntStream.range(0, 40_000)
                .mapToObj(number -> request(1_000_000_007 * (number + 1) & Integer.MAX_VALUE))
                .toList();
        try (Journal journal = Journal.create(path)) {
            Recording recording = Recording.of(journal, JOB, Ticker.system());
            recording.begin(Position.at(0));
            recording.add(new Step(1, List.of(), many));
            recording.commit(Position.at(1));
        }
        PathVolume volume = new PathVolume(path);
        long compacted;
        try (JournalFile file = new JournalFile(volume, volume.open(), Files.size(path), 2)) {
            file.rewrite(new Compaction(file.channel(), "journal"));
            compacted = file.size();
        } finally {
            volume.release();
        }
        assertThat(compacted).as("more than one group").isGreaterThan(Group.ENOUGH + 1000);
        byte[] bytes = Files.readAllBytes(path);
        assertThat(stateOf(bytes).orElseThrow().waiting).hasSize(many.size());

        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < (Boolean.getBoolean("fanout.ci") ? 20 : 5); i++) {
            int at = random.nextInt(Group.ENOUGH + 1000, bytes.length);
            byte[] flipped = bytes.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));

            assertThat(stateOf(Arrays.copyOf(bytes, at))).as("cut at %d", at).isEmpty();
            assertThat(stateOf(flipped)).as("flipped at %d", at).isEmpty();
        }
        Files.write(path, bytes);
        try (Journal journal = Journal.resume(path)) {
            Recording recording = Recording.of(journal, JOB, Ticker.system());
            recording.replay(new Notes());
            recording.begin(Position.at(2));
        }
        byte[] followed = Files.readAllBytes(path);
        assertThat(stateOf(Arrays.copyOf(followed, followed.length - 1)).orElseThrow().position)
                .isEqualTo(Position.at(1));
    }

    @Test
    void journalOfAnotherVersionIsRefused() throws IOException {
        RecordWriter out = new RecordWriter();
        out.tag(RecordTag.HEAD).number(Head.VERSION + 1);
        Files.write(path, new byte[0]);
        PathVolume volume = new PathVolume(path);
        try (JournalFile file = new JournalFile(volume, volume.open(), 0, 0)) {
            file.append(out.asBuffer());
        } finally {
            volume.release();
        }
        assertThatThrownBy(() -> Journal.resume(path)).isInstanceOf(JournalException.class)
                .hasMessage(path + ": it is a journal of version 3, and this program reads the versions 1 and 2. Resume"
                        + " the crawl with the program that wrote it, or start it again from the beginning");
    }
}
