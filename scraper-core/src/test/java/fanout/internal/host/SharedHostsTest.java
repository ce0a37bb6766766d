package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Pace.Terms;
import fanout.internal.task.ManualTicker;
import fanout.url.Host;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which hosts a process remembers after its crawls have left them. */
class SharedHostsTest {

    private static final long START = ManualTicker.stopped().nanos(); // about to overflow
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final SharedHosts hosts = new SharedHosts();
    private final SharedHost.Visitor crawl = new Visitor(Duration.ofSeconds(1));

    private record Visitor(Duration delay) implements SharedHost.Visitor {

        @Override
        public Terms terms() {
            return new Terms(1, delay.toNanos(), false, MINUTE);
        }

        @Override
        public OptionalLong dueAt() {
            return OptionalLong.empty();
        }

        @Override
        public void hostChanged(long now) {}

        @Override
        public boolean hasFreeWorker() {
            return false;
        }

        @Override
        public String crawl() {
            return "docs";
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public long leasedAt() {
            return START;
        }
    }

    private static Host host(int number) {
        return new Host("h" + number + ".example.org", 80);
    }

    private void visitAndLeave(int number, SharedHost.Visitor who, long at) {
        SharedHost shared = hosts.join(host(number), who, at);
        shared.leased(who, at);
        shared.written(who, at, at);
        shared.ended(who, HostFeedback.NONE, Duration.ZERO, at);
        hosts.leave(shared, who, at);
    }

    @Test
    void crawlsAtOneHostShareItAndItStaysWhileOneIsThere() {
        SharedHost.Visitor other = new Visitor(Duration.ofSeconds(9));
        SharedHost shared = hosts.join(host(1), crawl, START);

        assertThat(hosts.join(host(1), other, START)).isSameAs(shared);
        assertThat(shared.delay()).isEqualTo(Duration.ofSeconds(9).toNanos());
        hosts.leave(shared, other, START + MINUTE);
        assertThat(shared.delay()).isEqualTo(Duration.ofSeconds(1).toNanos());
        visitAndLeave(2, crawl, START + 5 * MINUTE);
        assertThat(hosts.join(host(1), crawl, START + 5 * MINUTE)).isSameAs(shared);
    }

    @Test
    void aHostThatWasLeftAMinuteAgoIsForgottenWhenAnotherIsLeft() {
        visitAndLeave(1, crawl, START);
        SharedHost shared = hosts.join(host(1), crawl, START);
        hosts.leave(shared, crawl, START);

        visitAndLeave(2, crawl, START + MINUTE - 1);
        assertThat(hosts.size()).isEqualTo(2);
        assertThat(hosts.join(host(1), crawl, START + MINUTE - 1)).as("it is visited again").isSameAs(shared);
        hosts.leave(shared, crawl, START + MINUTE - 1);

        visitAndLeave(3, crawl, START + MINUTE);
        assertThat(hosts.size()).as("1 was written to a minute ago, and stands behind 2, which was not").isEqualTo(3);
        visitAndLeave(4, crawl, START + 2 * MINUTE - 1);
        assertThat(hosts.size()).as("2 and 1 are gone, 3 and 4 are there").isEqualTo(2);
    }

    @Test
    void twoAreLookedAtForEachOneThatIsLeft() {
        for (int number = 1; number <= 5; number++) {
            visitAndLeave(number, crawl, START);
        }
        assertThat(hosts.size()).isEqualTo(5);
        visitAndLeave(6, crawl, START + MINUTE);
        assertThat(hosts.size()).isEqualTo(4);
        visitAndLeave(7, crawl, START + MINUTE);
        assertThat(hosts.size()).isEqualTo(3);
    }

    @Test
    void oneWithALongDelayGoesToTheEndAndKeepsNoOtherWaiting() {
        visitAndLeave(1, new Visitor(Duration.ofMinutes(10)), START);
        visitAndLeave(2, crawl, START);

        visitAndLeave(3, crawl, START + MINUTE);
        assertThat(hosts.size()).as("1 and 3").isEqualTo(2);
        visitAndLeave(4, crawl, START + 10 * MINUTE);
        assertThat(hosts.size()).as("4: the delay of 1 has passed").isEqualTo(1);
    }
}
