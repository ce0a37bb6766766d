package fanout.journal;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Redirected;
import fanout.outcome.Step;
import fanout.page.Content;
import fanout.page.ContentDigest;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal of many URLs gives back. */
class ReplayTest {

    private static final CrawlJob JOB = CrawlJob.builder("replay").startUrl("http://a.test/0").build();
    private static final String HASH = "%d" + "0".repeat(63);
    /** More than are given at once. */
    private static final int URLS = 1_700;

    @TempDir
    private Path folder;

    /** Notes what is replayed, and how many URLs wait in each call. */
    private static final class Notes implements Replay {

        private final List<Waiting> waiting = new ArrayList<>();
        private final List<Integer> calls = new ArrayList<>();
        private final Map<ContentDigest, CanonicalUrl> firsts = new HashMap<>();
        private FingerprintSet known = new FingerprintSet();

        @Override
        public void counted(Counts counts, long ok) {}

        @Override
        public void changed(Change change) {}

        @Override
        public void firstPage(ContentDigest digest, CanonicalUrl url) {
            assertThat(firsts.put(digest, url)).isNull();
        }

        @Override
        public void known(FingerprintSet prints) {
            assertThat(waiting).isEmpty();
            known = prints;
        }

        @Override
        public void waiting(List<Waiting> some) {
            waiting.addAll(some);
            calls.add(some.size());
        }
    }

    /** On three hosts, of which the referrers of some are others. */
    private static Request request(int number) {
        Optional<CanonicalUrl> referrer = number % 5 == 0 ? Optional.empty() : Optional.of(url(number / 7));
        return new Request(url(number), number % 9, Optional.empty(), referrer);
    }

    private static CanonicalUrl url(int number) {
        return CanonicalUrl.of("http://%s.test/%d?q=%d".formatted("abc".charAt(number % 3), number, number * 31));
    }

    /** The target is requested as it is, and known by another URL: so is what has led on from there. */
    @Test
    void chainOverATargetThatIsKnownByAnotherUrlIsWhole() throws IOException {
        Redirected first = new Redirected(request(3), Trail.NONE, url(6)).knownAs(url(7));
        Redirected second = new Redirected(first.next(), new Trail(1, 1, Optional.empty()), url(9));
        Path path = folder.resolve("crawl.journal");
        try (Journal journal = Journal.create(path)) {
            Recording recording = Recording.of(journal, JOB, Ticker.system());
            recording.begin(Position.NONE);
            recording.add(new Step(1, List.of(), List.of(request(3), first.next(), second.next()),
                    List.of(new Change.Followed(first), new Change.Followed(second)), Counts.NONE, false));
            recording.commit(Position.NONE);
        }
        Notes notes = new Notes();
        try (Journal journal = Journal.resume(path)) {
            Recording.of(journal, JOB, Ticker.system()).replay(notes);
        }

        assertThat(notes.waiting).hasSize(1);
        assertThat(notes.waiting.getFirst().request()).isEqualTo(second.next());
        assertThat(notes.waiting.getFirst().hops()).containsExactly(first, second);
        assertThat(notes.known.size()).isEqualTo(2);
    }

    @Test
    void waitingUrlsComeAsAdmittedAndSettledOnesAsFingerprints() throws IOException {
        List<Request> requests = IntStream.range(0, URLS).mapToObj(ReplayTest::request).toList();
        Path path = folder.resolve("crawl.journal");
        try (Journal journal = Journal.create(path)) {
            Recording recording = Recording.of(journal, JOB, Ticker.system());
            recording.begin(Position.NONE);
            recording.add(new Step(1, List.of(), requests));
            for (int number = 0; number < URLS; number += 3) {
                recording.add(new Step(2 + number / 3,
                        List.of(new Failed(requests.get(number), Trail.NONE, new Failure.HttpStatus(404))), List.of()));
            }
            recording.commit(Position.NONE);
        }
        Notes notes = new Notes();
        Fingerprint.Seed seed;
        try (Journal journal = Journal.resume(path)) {
            Recording recording = Recording.of(journal, JOB, Ticker.system());
            seed = recording.seed();
            recording.replay(notes);
        }

        assertThat(notes.waiting).extracting(Replay.Waiting::request)
                .containsExactlyElementsOf(IntStream.range(0, URLS)
                        .filter(number -> number % 3 != 0)
                        .mapToObj(requests::get)
                        .toList());
        assertThat(notes.waiting)
                .allMatch(each -> each.print().equals(Fingerprint.of(each.request().url().toString(), seed)));
        assertThat(notes.waiting).flatExtracting(Replay.Waiting::hops).isEqualTo(List.<Redirected>of());
        assertThat(notes.calls).as("some at a time, for which a lock is taken").hasSizeBetween(3, 10);
        assertThat(notes.known.size()).isEqualTo((URLS + 2) / 3);
        assertThat(requests).allMatch(request -> notes.known.contains(Fingerprint.of(request.url().toString(),
                seed)) == (Integer.parseInt(request.url().pathAndQuery().replaceFirst("/(\\d+).*", "$1")) % 3 == 0));
    }

    private static Fetched ok(int number, int content) {
        String hash = HASH.formatted(content);
        return new Fetched(request(number), Trail.NONE,
                new Content(1, Optional.empty(), Optional.of(hash), Optional.empty(), 0, 0), List.of());
    }

    @Test
    void pagesThatHadAContentFirstComeWithItsDigest() throws IOException {
        Path path = folder.resolve("crawl.journal");
        Fetched unread = new Fetched(request(4), Trail.NONE, Content.UNREAD, List.of());
        try (Journal journal = Journal.create(path)) {
            Recording recording = Recording.of(journal, JOB, Ticker.system());
            recording.begin(Position.NONE);
            recording.add(new Step(1, List.of(), IntStream.range(0, 6).mapToObj(ReplayTest::request).toList()));
            recording.add(new Step(2, List.of(ok(0, 1), ok(1, 1).duplicating(url(0)), ok(2, 2), unread), List.of()));
            recording.commit(Position.NONE);
            recording.add(new Step(3, List.of(ok(3, 3)), List.of()));
        }
        Notes notes = new Notes();
        try (Journal journal = Journal.resume(path)) {
            Recording.of(journal, JOB, Ticker.system()).replay(notes);
        }

        assertThat(notes.firsts).as("what was not committed is not there")
                .isEqualTo(Map.of(ContentDigest.of(HASH.formatted(1)), url(0),
                        ContentDigest.of(HASH.formatted(2)), url(2)));
    }
}
