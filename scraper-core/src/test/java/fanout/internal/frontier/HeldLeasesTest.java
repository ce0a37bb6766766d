package fanout.internal.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import fanout.internal.task.ManualTicker;
import fanout.journal.Space;
import fanout.leak.Lender;
import fanout.leak.Loan;
import fanout.url.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldLeasesTest {

    private static final String A = "http://a.example.org/";

    private final ManualTicker ticker = ManualTicker.stopped();
    private final Ledger ledger = new Ledger(TestFrontier.plain(A).build(), Fingerprint.Seed.random(), ticker,
            new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE).shared, new SplittableRandom(1),
            Space.UNLIMITED,
            () -> {});

    private List<LeaseEntry> leases(int count) {
        IntStream.range(0, count).forEach(n -> ledger.offer(TestFrontier.request(A + n), ticker.nanos()));
        List<LeaseEntry> leases = new ArrayList<>();
        while (leases.size() < count) {
            leases.add(Objects.requireNonNull(ledger.lease(ticker.nanos())));
        }
        return leases;
    }

    @Test
    void leasesComeAndGoInAnyOrder() {
        List<LeaseEntry> leases = leases(3);
        HeldLeases held = new HeldLeases();
        assertThat(held.areNone()).isTrue();
        leases.forEach(held::add);
        held.remove(leases.get(0));
        held.remove(leases.get(2));
        assertThat(held.size()).isOne();
        assertThat(held.peak()).isEqualTo(3);
        assertThat(held.loans()).singleElement()
                .satisfies(loan -> assertThat(loan.toString()).contains("of " + A + 1));
        held.remove(leases.get(1));
        assertThat(held.areNone()).isTrue();
    }

    @Test
    void aLeaseThatIsNotHeldCannotBeGivenBack() {
        List<LeaseEntry> leases = leases(2);
        HeldLeases held = new HeldLeases();
        held.add(leases.get(0));
        held.remove(leases.get(0));
        assertThatIllegalStateException().isThrownBy(() -> held.remove(leases.get(0))).withMessageContaining(A);
        held.add(leases.get(1));
        assertThatIllegalStateException().isThrownBy(() -> held.remove(leases.get(0)));
        assertThat(held.size()).isOne();
    }

    @Test
    void aLeakCheckIsToldOfThemAndLeavesAnInterruptAsItWas() {
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE);
        TestFrontier crawl = TestFrontier.of(TestFrontier.plain(A + 1, A + 2), ticker, group);
        Lender lender = crawl.frontier.leases;
        crawl.start();
        crawl.start();
        assertThat(lender.loans()).extracting(Loan::toString)
                .satisfiesExactly(first -> assertThat(first).contains("of " + A + 1),
                        second -> assertThat(second).contains("of " + A + 2));
        assertThat(group.lock.isLocked()).isFalse();

        Thread.currentThread().interrupt();
        assertThat(lender.loans()).singleElement().extracting(Loan::thing).isSameAs(lender);
        assertThat(Thread.interrupted()).isTrue();
        crawl.giveBack();
    }
}
