package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Pace.Terms;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.WallTime;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.outcome.HostMemory;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a crawl that goes on knows of a host from its earlier run: once, for then the host is what it is by now. */
class HostMemoriesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Host HOST = CanonicalUrl.of("http://a.example.org/").host();
    private static final CrawlJob JOB = CrawlJob.builder("test").startUrl("http://a.example.org/").build();

    /** Four calls fill the window, and half of them may not fail. */
    private static final CircuitBreaking FOUR = new CircuitBreaking(50, 4, SECOND.multipliedBy(30), 3);

    private final ManualTicker ticker = ManualTicker.stopped();
    private final HostMemories memories = new HostMemories(JOB, ticker);

    private SharedHost host() {
        return new SharedHost(HOST, new Terms(1, SECOND.toNanos(), true, Duration.ofMinutes(1).toNanos()),
                ticker.nanos());
    }

    private SharedHost recalled() {
        SharedHost host = host();
        memories.recallPace(host);
        return host;
    }

    private void remember(Duration throttle, Instant heldUntil) {
        memories.add(new HostMemory(HOST, throttle, heldUntil, 0, 0, 0, Instant.EPOCH));
    }

    @Test
    void paceIsRecalledOnce() {
        remember(SECOND.multipliedBy(10), ticker.now().plusSeconds(90));
        memories.restarted(WallTime.of(ticker));

        SharedHost first = recalled();
        assertThat(first.delay()).isEqualTo(SECOND.multipliedBy(10).toNanos());
        assertThat(first.holdEnds() - ticker.nanos()).isEqualTo(SECOND.multipliedBy(90).toNanos());

        SharedHost later = recalled();
        assertThat(later.delay()).as("of a host that was forgotten, and is met anew").isEqualTo(SECOND.toNanos());
        assertThat(later.holdEnds() - ticker.nanos()).isNotPositive();
    }

    /** A clock that was set back must not hold a host for ever. */
    @Test
    void hostIsHeldNoLongerThanTheLongestRetryAfter() {
        remember(Duration.ZERO, ticker.now().plus(Duration.ofDays(400)));
        memories.restarted(WallTime.of(ticker));

        assertThat(recalled().holdEnds() - ticker.nanos())
                .isEqualTo(JOB.politeness().maxRetryAfter().toNanos());
    }

    /** The earlier run may have asked at any moment until it ended. */
    @Test
    void everyHostKeepsItsDelayFromTheRestart() {
        memories.restarted(WallTime.of(ticker));
        SharedHost host = recalled();
        assertThat(host.readyAt(new Terms(1, SECOND.toNanos(), false, SECOND.toNanos())) - ticker.nanos())
                .isEqualTo(SECOND.toNanos());
    }

    @Test
    void crawlThatBeginsRemembersNothing() {
        remember(SECOND.multipliedBy(10), ticker.now().plusSeconds(90));
        assertThat(recalled().delay()).isEqualTo(SECOND.toNanos());
        assertThat(memories.recallCircuit(HOST)).isEmpty();
    }

    /** It is made with the host's first failure, as any other. */
    @Test
    void hostThatDidNotFailHasNoCircuit() {
        memories.add(new HostMemory(HOST, Duration.ZERO, Instant.EPOCH, 0, 20, 0, Instant.EPOCH));
        memories.restarted(WallTime.of(ticker));

        assertThat(memories.recallCircuit(HOST)).isEmpty();
    }

    @Test
    void circuitIsRecalledOnceAndStaysOpenForTheRestOfItsTime() {
        memories.add(new HostMemory(HOST, Duration.ZERO, Instant.EPOCH, 20, 0, 2, ticker.now().plusSeconds(7)));
        memories.restarted(WallTime.of(ticker));

        Circuit circuit = memories.recallCircuit(HOST).orElseThrow();
        assertThat(circuit.phase()).isEqualTo(Circuit.Phase.OPEN);
        assertThat(circuit.openingsInARow()).isEqualTo(2);
        assertThat(circuit.reopensAt() - ticker.nanos()).isEqualTo(SECOND.multipliedBy(7).toNanos());

        assertThat(memories.recallCircuit(HOST)).as("of a host that was forgotten, and is met anew").isEmpty();
    }

    private Circuit recalled(CircuitBreaking settings, int failures, int successes, int openings, Instant openUntil) {
        CrawlJob job = CrawlJob.builder("test").startUrl("http://a.example.org/").circuitBreaker(settings).build();
        HostMemories before = new HostMemories(job, ticker);
        before.add(new HostMemory(HOST, Duration.ZERO, Instant.EPOCH, failures, successes, openings, openUntil));
        before.restarted(WallTime.of(ticker));
        return before.recallCircuit(HOST).orElseThrow();
    }

    @Test
    void windowIsRecalledAndOneFailureMoreOpensTheCircuit() {
        Circuit circuit = recalled(FOUR, 1, 2, 0, Instant.EPOCH);
        assertThat(circuit.phase()).isEqualTo(Circuit.Phase.CLOSED);
        assertThat(circuit.failures()).isOne();
        assertThat(circuit.successes()).isEqualTo(2);
        circuit.tell(HostHealth.FAILURE, circuit.epoch());
        assertThat(circuit.phase()).isEqualTo(Circuit.Phase.OPEN);
        assertThat(circuit.reopensAt() - ticker.nanos()).isEqualTo(SECOND.multipliedBy(30).toNanos());
        assertThat(circuit.openingsInARow()).isOne();
    }

    @Test
    void circuitThatWasOpenIsOpenAlthoughItsWindowWouldNotOpenIt() {
        Circuit circuit = recalled(FOUR, 1, 0, 1, ticker.now().plusSeconds(7));
        assertThat(circuit.phase()).isEqualTo(Circuit.Phase.OPEN);
        assertThat(circuit.openingsInARow()).isOne();
    }

    /** It was closed by a success, or the settings are others by now: then what would open it counts anew. */
    @Test
    void circuitThatWasClosedIsClosedWhateverItsWindowSays() {
        Circuit circuit = recalled(FOUR, 4, 0, 0, Instant.EPOCH);
        assertThat(circuit.phase()).isEqualTo(Circuit.Phase.CLOSED);
        assertThat(circuit.failures()).isZero();
        Circuit opened = recalled(FOUR, 1, 0, 2, Instant.EPOCH);
        assertThat(opened.phase()).isEqualTo(Circuit.Phase.CLOSED);
        assertThat(opened.openingsInARow()).isEqualTo(2);
    }
}
