package fanout.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.backlog.PagePack;
import fanout.backlog.Pending;
import fanout.backlog.RedirectChain;
import fanout.backlog.UrlRoom;
import fanout.host.HostFeedback;
import fanout.host.HostMemories;
import fanout.host.SharedHosts;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.task.ManualTicker;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What waits at hosts: what it takes in memory, and which hosts are kept. */
class HostQueuesTest {

    private static final String A = "http://a.example.org/";
    /** Of a host for which pages wait, and of a page that waits for its repetition. */
    private static final long HOST = 450;
    private static final long RETRY = 400;

    private final ManualTicker ticker = ManualTicker.stopped();
    private final UrlRoom room = new UrlRoom(Long.MAX_VALUE);
    private final CrawlJob job = CrawlJob.builder("queues")
            .startUrl(A)
            .politeness(new Politeness(new Manners(8, Duration.ZERO, false, Duration.ofMinutes(1)),
                    Duration.ofMinutes(5), false, true, Duration.ofSeconds(30), 1_000_000, Map.of()))
            .build();
    private final HostQueues queues = queues(10_000);

    private HostQueues queues(int idleHosts) {
        return new HostQueues(job, ticker, new SharedHosts(), new SitemapGate(() -> {}),
                new RuleRoom(1 << 20, () -> {}),
                room, idleHosts, new HostMemories(job, ticker), () -> {}, _ -> {});
    }

    private static Pending page(String url) {
        return page(url, 0);
    }

    private static Pending page(String url, int depth) {
        return Pending.first(new Request(CanonicalUrl.of(url), depth, Optional.empty(), Optional.empty()),
                RedirectChain.OF_LINK);
    }

    private Turn take() {
        return Objects.requireNonNull(queues.take(ticker.nanos()));
    }

    private void ended(Turn turn) {
        queues.ended(turn.queue(), turn.work(), HostFeedback.NONE, 0, ticker.nanos());
        queues.touched(turn.queue(), ticker.nanos());
    }

    private static long bytes(Deque<PagePack> packs) {
        return packs.isEmpty() ? 0 : HOST + packs.stream().mapToLong(PagePack::bytes).sum();
    }

    /** Several packs, of pages that come from here and there: the same ones are filled and emptied beside the queue. */
    @Test
    void pagesThatWaitTakeWhatTheirPacksAndTheirHostTake() {
        Deque<PagePack> packs = new ArrayDeque<>();
        for (int n = 0; n < 200; n++) {
            Pending page = page(A + "x".repeat(60) + n, n / 15);
            queues.add(page, ticker.nanos());
            if (packs.isEmpty()) {
                packs.add(PagePack.of(page));
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
        assertThat(queues.areEmpty()).isTrue();
    }

    @Test
    void aRepetitionTakesMoreThanItsUrl() {
        Pending page = page(A + "failed");
        Failed failed = new Failed(page.request(), Trail.NONE, new Failure.HttpStatus(503));
        queues.add(page.retried(failed, ticker.nanos()), ticker.nanos());
        queues.add(page.retried(failed, ticker.nanos()), ticker.nanos());
        assertThat(room.used()).isEqualTo(HOST + 2 * (RETRY + (A + "failed").length()));
        ended(take());
        assertThat(room.used()).isEqualTo(HOST + RETRY + (A + "failed").length());
        ended(take());
        assertThat(room.used()).isZero();
    }

    private List<HostState> hosts(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> queues.of(CanonicalUrl.of("http://h" + n + ".example.org/").host()))
                .toList();
    }

    @Test
    void hostsAreWalkedInTheOrderInWhichTheyCame() {
        List<HostState> hosts = hosts(100);
        assertThat(queues.all()).toIterable().containsExactlyElementsOf(hosts);
    }

    @Test
    void aWalkMeetsEachHostThatStaysOnce() {
        List<HostState> hosts = hosts(14);
        HostsInOrder inOrder = new HostsInOrder();
        hosts.subList(0, 8).forEach(inOrder::add);
        Iterator<HostState> walk = inOrder.iterator();
        List<HostState> met = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            met.add(walk.next());
        }
        inOrder.remove(hosts.get(6));
        inOrder.remove(hosts.get(1));
        inOrder.remove(hosts.get(7));
        inOrder.add(hosts.get(8)); // in the place that became free first, ahead of the walk
        inOrder.add(hosts.get(9)); // in a place that the walk has passed
        inOrder.add(hosts.get(10));
        inOrder.add(hosts.get(11)); // there was no room left for it
        inOrder.remove(hosts.get(11));
        walk.forEachRemaining(met::add);
        assertThat(met).containsExactly(hosts.get(0), hosts.get(1), hosts.get(2), hosts.get(3), hosts.get(4),
                hosts.get(5), hosts.get(8), hosts.get(10));
        assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);

        inOrder.add(hosts.get(12));
        inOrder.add(hosts.get(13));
        assertThat(walk).toIterable().as("what has come behind it").containsExactly(hosts.get(13));
        assertThat(inOrder).containsExactly(hosts.get(0), hosts.get(9), hosts.get(2), hosts.get(3), hosts.get(4),
                hosts.get(5), hosts.get(8), hosts.get(10), hosts.get(12), hosts.get(13));
    }

    @Test
    void theHostThatHasBeenIdleForLongestIsForgottenFirst() {
        IdleHosts idle = new IdleHosts(2);
        List<HostState> hosts = hosts(4);
        assertThat(idle.add(hosts.get(0))).isNull();
        assertThat(idle.add(hosts.get(1))).isNull();
        assertThat(idle.add(hosts.get(0))).as("it is among them").isNull();
        idle.remove(hosts.get(0));
        assertThat(idle.add(hosts.get(2))).isNull();
        assertThat(idle.add(hosts.get(0))).isSameAs(hosts.get(1));
        assertThat(idle.add(hosts.get(3))).isSameAs(hosts.get(2));
    }

    @Test
    void anAgendaIsEmptyIfTimeAloneMakesNothingReady() {
        assertThat(queues.agenda().isEmpty()).isTrue();
        queues.add(page(A), ticker.nanos());
        assertThat(queues.agenda().isEmpty()).isFalse();
        assertThat(queues.agenda().hasBlocked()).isFalse();
        Turn turn = take();
        assertThat(queues.agenda().isEmpty()).isTrue();
        ended(turn);
        assertThat(queues.agenda().isEmpty()).isTrue();
        assertThat(queues.agenda().hasBlocked()).as("nothing is left to wait for").isFalse();

        queues.addSitemap(new Work.FetchSitemap(CanonicalUrl.of(A + "map"), 0, 0), ticker.nanos(), ticker.nanos());
        Turn map = take();
        assertThat(queues.agenda().hasBlocked()).isFalse();
        ended(map);
        assertThat(queues.agenda().hasBlocked()).isFalse();
    }
}
