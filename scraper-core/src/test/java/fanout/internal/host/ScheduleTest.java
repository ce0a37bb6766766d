package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts in the order in which they become ready, compared with a list that is searched from end to end. */
class ScheduleTest {

    private final AtomicLong turns = new AtomicLong();
    private final Schedule<FakeHost> schedule = new Schedule<>(turns::incrementAndGet);
    private final List<FakeHost> hosts = new ArrayList<>();

    /** A host whose ready-time a test sets. */
    private static final class FakeHost extends Slot<FakeHost> {

        private OptionalLong at = OptionalLong.empty();
        private boolean hasWork;
        private int pages;

        @Override
        public FakeHost owner() {
            return this;
        }

        @Override
        protected OptionalLong nextAt() {
            return at;
        }

        @Override
        protected boolean hasWork() {
            return hasWork;
        }

        @Override
        protected int pages() {
            return pages;
        }
    }

    private FakeHost host(long at, int pages, long now) {
        FakeHost host = new FakeHost();
        hosts.add(host);
        place(host, OptionalLong.of(at), pages, now);
        return host;
    }

    private void place(FakeHost host, OptionalLong at, int pages, long now) {
        host.at = at;
        host.pages = pages;
        host.hasWork = true;
        schedule.place(host, now);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 500})
    void firstMomentAndReadyPagesAreThoseOfAFullSearch(long origin) {
        SplittableRandom random = new SplittableRandom(origin);
        long now = origin;
        for (int i = 0; i < 50; i++) {
            host(now + random.nextInt(100), random.nextInt(5), now);
        }
        for (int step = 0; step < 5_000; step++) {
            now += random.nextInt(3);
            FakeHost host = hosts.get(random.nextInt(hosts.size()));
            OptionalLong at = random.nextInt(10) == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of(now + random.nextInt(200) - 20);
            place(host, at, random.nextInt(5), now);
            schedule.wakeDue(now);

            long present = now;
            assertThat(schedule.readyPages()).isEqualTo(hosts.stream()
                    .filter(one -> one.at.isPresent() && one.at.getAsLong() - present <= 0)
                    .mapToInt(one -> one.pages)
                    .sum());
            OptionalLong first = hosts.stream()
                    .filter(one -> one.at.isPresent())
                    .mapToLong(one -> one.at.getAsLong())
                    .map(moment -> Math.max(0, moment - present))
                    .min();
            OptionalLong next = schedule.nextAt(now);
            assertThat(next.isPresent() ? OptionalLong.of(Math.max(0, next.getAsLong() - now)) : next).isEqualTo(first);
            assertThat(schedule.hasBlocked()).isEqualTo(hosts.stream().anyMatch(one -> one.at.isEmpty()));
        }
    }

    @Test
    void hostsThatAreReadyTakeTurns() {
        FakeHost one = host(0, 1, 0);
        FakeHost other = host(0, 1, 0);

        assertThat(schedule.first(0).owner()).isSameAs(one);
        place(one, OptionalLong.of(0), 2, 0);
        assertThat(schedule.first(0).owner()).as("keeps its turn").isSameAs(one);

        schedule.turnTaken(one);
        schedule.place(one, 0);
        assertThat(schedule.first(0).owner()).isSameAs(other);
    }

    /** However many are due at one moment, one look moves a few, and the next goes on. */
    @Test
    void lookMovesAFewOfThoseThatAreDue() {
        for (int i = 0; i < 1_000; i++) {
            host(10, 1, 0);
        }

        schedule.wakeDue(10);
        assertThat(schedule.readyPages()).isBetween(1L, 100L);
        for (int look = 0; look < 100; look++) {
            schedule.wakeDue(10);
        }
        assertThat(schedule.readyPages()).isEqualTo(1_000);
    }

    @Test
    void momentsComeInTheirOrder() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 300; i++) {
            host(1 + random.nextInt(10_000), 1, 0);
        }
        List<Long> came = new ArrayList<>();
        long now = 0;
        while (!schedule.isEmpty()) {
            now = schedule.nextAt(now).getAsLong();
            Slot<FakeHost> first = schedule.first(now);
            came.add(first.owner().at.getAsLong());
            place(first.owner(), OptionalLong.empty(), 0, now);
        }
        assertThat(came).hasSize(300).isSortedAccordingTo(Comparator.naturalOrder());
    }

    /**
     * Moments that come in their order are kept in a list, others in a heap: the list may be empty before the heap is.
     */
    @Test
    void aHostThatCameOutOfOrderIsNotForgottenWhenItIsTheLast() {
        FakeHost inOrder = host(100, 1, 0);
        host(50, 1, 0);
        place(inOrder, OptionalLong.empty(), 0, 0);

        assertThat(schedule.isEmpty()).isFalse();
        assertThat(schedule.nextAt(0)).hasValue(50);
    }
}
