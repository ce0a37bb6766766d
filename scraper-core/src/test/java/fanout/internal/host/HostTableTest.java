package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Circuit.Phase;
import fanout.internal.host.SharedLimits.UrlRoom;
import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What waits at hosts: what it takes in memory, and which hosts are kept. */
class HostTableTest {

    private static final String A = "http://a.example.org/";
    /** Of a host for which pages wait, and of a page that waits for its repetition. */
    private static final long HOST = 450;
    private static final long RETRY = 400;

    private final ManualTicker ticker = ManualTicker.stopped();
    private final UrlRoom room = new UrlRoom(Long.MAX_VALUE);
    private final CrawlJob job = CrawlJob.builder("table")
            .startUrl(A)
            .politeness(new Politeness(new Manners(8, Duration.ZERO, false, Duration.ofMinutes(1)),
                    Duration.ofMinutes(5), false, true, Duration.ofSeconds(30), 1_000_000, Map.of()))
            .build();
    private final HostTable table = table(10_000);

    private HostTable table(int idleHosts) {
        SharedLimits shared = new SharedLimits(new SharedHosts(), new SitemapGate(() -> {}),
                new RuleRoom(1 << 20, () -> {}), room, idleHosts);
        return new HostTable(job, ticker, shared, new HostMemories(job, ticker), () -> {}, (_, _) -> {});
    }

    private static Pending page(String url) {
        return page(url, 0);
    }

    private static Pending page(String url, int depth) {
        return Pending.first(new Request(CanonicalUrl.of(url), depth, Optional.empty(), Optional.empty()),
                RedirectChain.OF_LINK);
    }

    private Turn take() {
        return Objects.requireNonNull(table.take(ticker.nanos()));
    }

    private void ended(Turn turn) {
        table.ended(turn.host(), turn.work(), HostFeedback.NONE, 0, ticker.nanos());
        table.touched(turn.host(), ticker.nanos());
    }

    private static long bytes(Deque<PagePack> packs) {
        return packs.isEmpty() ? 0 : HOST + packs.stream().mapToLong(PagePack::bytes).sum();
    }

    @Test
    void pagesOfSeveralPrioritiesTakeNothingOnceTheyAreTaken() {
        for (int n = 0; n < 300; n++) {
            table.add(urgent(A + "x".repeat(60) + n, n * 7 % 5 - 2), ticker.nanos());
        }
        int last = Integer.MAX_VALUE;
        for (int n = 0; n < 300; n++) {
            assertThat(room.used()).isGreaterThan(HOST + 64 + 40);
            Turn turn = take();
            int priority = Objects.requireNonNull(turn.page()).priority();
            assertThat(priority).isLessThanOrEqualTo(last);
            last = priority;
            ended(turn);
        }
        assertThat(room.used()).isZero();
    }

    private static Pending urgent(String url, int priority) {
        return Pending.first(page(url).request()
                .with(new Request.Details(Request.Method.GET, Map.of(), Optional.empty(), priority, Map.of())),
                RedirectChain.OF_LINK);
    }

    /** Several packs, of pages that come from here and there: the same ones are filled and emptied beside the queue. */
    @Test
    void pagesThatWaitTakeWhatTheirPacksAndTheirHostTake() {
        Deque<PagePack> packs = new ArrayDeque<>();
        for (int n = 0; n < 200; n++) {
            Pending page = page(A + "x".repeat(60) + n, n / 15);
            table.add(page, ticker.nanos());
            if (packs.isEmpty()) {
                packs.add(PagePack.of(page, null));
            } else {
                PagePack to = packs.getLast().add(page);
                if (to != packs.getLast()) {
                    packs.add(to);
                }
            }
            assertThat(room.used()).isEqualTo(bytes(packs));
        }
        assertThat(packs).hasSizeGreaterThan(2);
        for (int n = 0; n < 200; n++) {
            ended(take());
            packs.getFirst().take(CanonicalUrl.of(A).host());
            if (packs.getFirst().isEmpty()) {
                packs.removeFirst();
            }
            assertThat(room.used()).isEqualTo(bytes(packs));
        }
        assertThat(room.used()).isZero();
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void aRepetitionTakesMoreThanItsUrl() {
        Pending page = page(A + "failed");
        Failed failed = new Failed(page.request(), Trail.NONE, new Failure.HttpStatus(503));
        table.add(page.retried(failed, ticker.nanos()), ticker.nanos());
        table.add(page.retried(failed, ticker.nanos()), ticker.nanos());
        assertThat(room.used()).isEqualTo(HOST + 2 * (RETRY + (A + "failed").length()));
        ended(take());
        assertThat(room.used()).isEqualTo(HOST + RETRY + (A + "failed").length());
        ended(take());
        assertThat(room.used()).isZero();
    }

    private static List<HostState> hosts(HostTable table, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> table.of(CanonicalUrl.of("http://h" + n + ".example.org/").host()))
                .toList();
    }

    @Test
    void hostsAreWalkedInTheOrderInWhichTheyCame() {
        List<HostState> hosts = hosts(table, 100);
        assertThat(table.all()).toIterable().containsExactlyElementsOf(hosts);
    }

    @Test
    void theHostThatHasBeenIdleForLongestIsForgottenFirst() {
        HostTable few = table(2);
        List<HostState> hosts = hosts(few, 4);
        few.touched(hosts.get(0), ticker.nanos());
        few.touched(hosts.get(1), ticker.nanos());
        few.touched(hosts.get(0), ticker.nanos()); // it is among them
        assertThat(few.all()).toIterable().hasSize(4);
        few.add(page("http://h0.example.org/1"), ticker.nanos());
        few.touched(hosts.get(2), ticker.nanos());
        assertThat(few.all()).toIterable().as("one has work").hasSize(4);
        Turn turn = Objects.requireNonNull(few.take(ticker.nanos()));
        few.ended(turn.host(), turn.work(), HostFeedback.NONE, 0, ticker.nanos());
        few.touched(turn.host(), ticker.nanos());
        assertThat(few.all()).toIterable().containsExactly(hosts.get(0), hosts.get(2), hosts.get(3));
        few.touched(hosts.get(3), ticker.nanos());
        assertThat(few.all()).toIterable().containsExactly(hosts.get(0), hosts.get(3));
        assertThat(few.of(hosts.get(2).host())).as("a new host").isNotSameAs(hosts.get(2));
    }

    @Test
    void hostsAreCountedByTheirCircuitsUntilTheyAreForgotten() {
        HostTable few = table(1);
        List<HostState> hosts = hosts(few, 3);
        assertThat(few.sums().phases()).containsEntry(Phase.CLOSED, 3).containsEntry(Phase.OPEN, 0);
        hosts.forEach(host -> few.touched(host, ticker.nanos()));
        assertThat(few.sums().phases()).containsEntry(Phase.CLOSED, 1).containsEntry(Phase.OPEN, 0);
        assertThat(few.sums().givenUp()).isZero();
    }

    @Test
    void anAgendaIsEmptyIfTimeAloneMakesNothingReady() {
        assertThat(table.agenda().isEmpty()).isTrue();
        table.add(page(A), ticker.nanos());
        assertThat(table.agenda().isEmpty()).isFalse();
        assertThat(table.agenda().hasBlocked()).isFalse();
        Turn turn = take();
        assertThat(table.agenda().isEmpty()).isTrue();
        ended(turn);
        assertThat(table.agenda().isEmpty()).isTrue();
        assertThat(table.agenda().hasBlocked()).as("nothing is left to wait for").isFalse();

        table.addSitemap(new Work.FetchSitemap(CanonicalUrl.of(A + "map"), 0, 0), ticker.nanos(), ticker.nanos());
        Turn map = take();
        assertThat(table.agenda().hasBlocked()).isFalse();
        ended(map);
        assertThat(table.agenda().hasBlocked()).isFalse();
    }
}
