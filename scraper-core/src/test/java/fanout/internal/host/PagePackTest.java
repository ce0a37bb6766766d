package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.outcome.Redirected;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagePackTest {

    private static final Host HOST = new Host("example.org", 8080);
    private static final String ORIGIN = "http://example.org:8080";
    /** Largest array of a pack. */
    private static final int ARRAY = 4096;

    private static Pending page(String path) {
        return Pending.first(Request.start(CanonicalUrl.of(ORIGIN + path), Optional.empty()), RedirectChain.OF_LINK);
    }

    private static void assertSame(Pending taken, Pending given) {
        assertThat(taken.request()).isEqualTo(given.request());
        assertThat(taken.request().url().host()).isSameAs(HOST);
        assertThat(taken.chain()).isEqualTo(given.chain());
        assertThat(taken.last()).isEqualTo(given.last());
        assertThat(taken.earlierAttempts()).isEqualTo(given.earlierAttempts());
        assertThat(taken.stale()).isEqualTo(given.stale());
    }

    @Test
    void pagesComeOutAsTheyWentInAndInTheirOrder() {
        List<Pending> pages = List.of(page("/a"), page("/b?c=d"), page("/"), page("/" + "x".repeat(200)));
        PagePack pack = PagePack.of(pages.getFirst(), null);
        pages.stream().skip(1).forEach(page -> assertThat(pack.add(page)).isSameAs(pack));

        for (Pending page : pages) {
            assertThat(pack.isEmpty()).isFalse();
            assertSame(pack.peek(HOST), page);
            assertSame(pack.take(HOST), page);
        }
        assertThat(pack.isEmpty()).isTrue();
        assertThat(pack.next()).isNull();
    }

    /**
     * Depth, label, referrer, details, redirects and what was tried: each differs from those of the page before, in
     * turn.
     */
    @Test
    void pagesKeepWhereTheyComeFrom() {
        CanonicalUrl url = CanonicalUrl.of(ORIGIN + "/page");
        Request request = new Request(url, 1, Optional.of("label"), Optional.of(CanonicalUrl.of(ORIGIN + "/from")));
        Redirected member = new Redirected(request, new Trail(3, 0, Optional.<Attempt>empty()), url);
        List<Pending> pages = List.of(
                Pending.first(request, RedirectChain.OF_LINK),
                Pending.first(new Request(url, 2, request.label(), request.referrer()), RedirectChain.OF_LINK),
                Pending.first(new Request(url, 2, Optional.empty(), request.referrer()), RedirectChain.OF_LINK),
                Pending.first(new Request(url, 2, Optional.empty(), Optional.empty()), RedirectChain.OF_LINK),
                Pending.first(new Request(url, 2, Optional.empty(), Optional.empty()), RedirectChain.OF_START),
                Pending.first(request.with(Request.Details.of(Map.of("a", 1))), RedirectChain.OF_LINK),
                Pending.first(request.with(Request.Details.of(Map.of("a", 2))), RedirectChain.OF_LINK),
                Pending.again(member, member.request(), RedirectChain.OF_LINK.then(member)),
                Pending.again(member, member.request(), RedirectChain.OF_LINK.then(member)).afterStaleConnection(5));
        PagePack pack = PagePack.of(pages.getFirst(), null);
        pages.stream().skip(1).forEach(pack::add);

        pages.forEach(page -> assertSame(pack.take(HOST), page));
    }

    @Test
    void aPackIsOfOneScheme() {
        PagePack pack = PagePack.of(page("/a"), null);
        Pending secure = Pending.first(Request.start(CanonicalUrl.of("https://example.org:8080/a"), Optional.empty()),
                RedirectChain.OF_LINK);

        PagePack other = pack.add(secure);
        assertThat(other).isNotSameAs(pack).isSameAs(pack.next());
        assertSame(other.take(HOST), secure);
    }

    @Test
    void aPackIsOfOnePriority() {
        PagePack pack = PagePack.of(urgent("/a", 1), null);
        pack.add(urgent("/b", 1));
        PagePack lower = pack.add(urgent("/c", -1));
        PagePack between = pack.add(page("/d"));

        assertThat(pack.next()).isSameAs(between);
        assertThat(between.next()).isSameAs(lower);
        assertThat(List.of(pack.priority(), between.priority(), lower.priority())).containsExactly(1, 0, -1);
        assertSame(lower.take(HOST), urgent("/c", -1));
        assertThat(lower.isEmpty()).isTrue();
        assertThat(lower.priority()).as("of an empty pack, which is to be found and removed").isEqualTo(-1);
    }

    private static Pending urgent(String path, int priority) {
        return Pending.first(page(path).request()
                .with(new Request.Details(Request.Method.GET, Map.of(), Optional.empty(), priority, Map.of())),
                RedirectChain.OF_LINK);
    }

    /** As a backlog uses them, beside a queue of objects. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void packsDoWhatAQueueOfObjectsDoes(int seed) {
        Random random = new Random(seed);
        Deque<Pending> queue = new ArrayDeque<>();
        PagePack first = null;
        PagePack last = null;
        for (int i = 0; i < 20_000; i++) {
            boolean isGrowing = i / 2_000 % 2 == 0;
            if (random.nextInt(3) < (isGrowing ? 2 : 1)) {
                Pending page = randomPage(random);
                queue.add(page);
                last = last == null ? PagePack.of(page, null) : last.add(page);
                first = first == null ? last : first;
            } else if (first != null) {
                assertSame(first.peek(HOST), queue.element());
                assertSame(first.take(HOST), queue.remove());
                first = first.isEmpty() ? first.next() : first;
                last = first == null ? null : last;
            }
            assertThat(first == null).isEqualTo(queue.isEmpty());
            if (i % 500 == 0) {
                assertThat(bytes(first)).as("as text they would take more").isLessThan(largest(queue) + 10_000);
            }
        }
        while (first != null) {
            assertSame(first.take(HOST), queue.remove());
            first = first.isEmpty() ? first.next() : first;
        }
        assertThat(queue).isEmpty();
    }

    private static Pending randomPage(Random random) {
        String scheme = random.nextInt(50) == 0 ? "https" : "http";
        int length = random.nextInt(100) == 0 ? random.nextInt(9_000) : random.nextInt(40);
        CanonicalUrl url = CanonicalUrl.of(scheme + "://example.org:8080/" + "p".repeat(length) + random.nextInt(10));
        Optional<CanonicalUrl> referrer = random.nextInt(10) == 0 ? Optional.of(url) : Optional.empty();
        RedirectChain chain = random.nextInt(20) == 0 ? RedirectChain.OF_START : RedirectChain.OF_LINK;
        return Pending.first(new Request(url, random.nextInt(20) == 0 ? 1 : 2, Optional.empty(), referrer), chain);
    }

    private static long bytes(@Nullable PagePack pack) {
        long bytes = 0;
        for (PagePack each = pack; each != null; each = each.next()) {
            bytes += each.bytes();
        }
        return bytes;
    }

    private static long largest(Deque<Pending> queue) {
        return queue.stream().mapToLong(page -> 2L * (250 + page.url().length())).sum();
    }

    @Test
    void aPageTakesItsPathAndFourBytes() {
        PagePack one = PagePack.of(page("/a"), null);
        assertThat(one.bytes()).as("pack and array, origin, head and path, and where it comes from")
                .isEqualTo(64 + ORIGIN.length() + 4 + 2 + 40);

        PagePack first = PagePack.of(page("/00000"), null);
        PagePack last = first;
        for (int i = 1; i < 10_000; i++) {
            last = last.add(page("/%05d".formatted(i)));
        }
        assertThat(bytes(first)).isBetween(100_000L, 110_000L);
    }

    @Test
    void provenanceIsCountedUntilAPageFromElsewhereIsTaken() {
        CanonicalUrl referrer = CanonicalUrl.of(ORIGIN + "/from");
        PagePack pack = PagePack.of(page("/a"), null);
        int one = pack.bytes();
        pack.add(Pending.first(new Request(CanonicalUrl.of(ORIGIN + "/b"), 1, Optional.empty(), Optional.of(referrer)),
                RedirectChain.OF_LINK));
        pack.add(page("/c"));
        int array = pack.bytes() - 64 - 40 - (40 + 80 + referrer.length()) - 40;
        assertThat(array).isBetween(one - 64 - 40, ORIGIN.length() + 3 * (4 + 2) * 2);

        pack.take(HOST);
        assertThat(pack.bytes()).isEqualTo(64 + array + 40 + (40 + 80 + referrer.length()) + 40);
        pack.take(HOST);
        assertThat(pack.bytes()).isEqualTo(64 + array + (40 + 80 + referrer.length()) + 40);
        pack.take(HOST);
        assertThat(pack.bytes()).isEqualTo(64 + array + 40);
    }

    /** A queue that stays short for ever neither grows nor becomes another pack. */
    @Test
    void roomOfPagesThatWereTakenIsUsedAgain() {
        PagePack pack = PagePack.of(page("/a"), null);
        pack.add(page("/b"));
        int most = 0;
        for (int i = 0; i < 10_000; i++) {
            assertThat(pack.add(page("/c"))).isSameAs(pack);
            pack.take(HOST);
            most = Math.max(most, pack.bytes());
        }
        assertThat(most).isLessThan(64 + ORIGIN.length() + 3 * (4 + 2) * 2 + 40);
    }

    @Test
    void aPackIsFullAtFourKilobytesUnlessOnePageIsLonger() {
        PagePack pack = PagePack.of(page("/a"), null);
        int pages = 1;
        while (pack.add(page("/" + "b".repeat(99))) == pack) {
            pages++;
        }
        assertThat(pages).isBetween(ARRAY * 2 / 3 / 104, ARRAY / 104 + 1);
        PagePack second = Objects.requireNonNull(pack.next());
        assertThat(second.bytes()).as("a pack that follows another has all its room at once")
                .isEqualTo(64 + ARRAY + 40);

        PagePack large = second.add(page("/" + "c".repeat(ARRAY)));
        assertThat(large.bytes()).isEqualTo(64 + ORIGIN.length() + 4 + 1 + ARRAY + 40);
    }
}
