package fanout.queue;

import fanout.host.Circuit;
import fanout.host.Circuit.Phase;
import fanout.host.HostHealth;
import fanout.outcome.Failed;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a crawl has fared at a host: the outcomes of its pages, and its circuit. A host has no circuit before it fails for the first
 * time: most never do, and would have one more object that each request looks at. Guarded by the frontier's lock.
 *
 * @param <Q> the host's queue
 */
abstract class HostHistory<Q extends Scheduled> extends PageBacklog<Q> {

    private @Nullable Circuit circuit;
    /** Before the first failure; not more than the circuit's window. */
    private int earlySuccesses;
    /** The phase that the crawl's sums count the host under. */
    private Phase countedPhase = Phase.CLOSED;
    /** Whether the crawl's sums count the host among those that were given up, which is for good. */
    private boolean countedAsGivenUp;
    private long ok;
    private long failed;
    private @Nullable Failed lastFailure;

    HostHistory(Optional<Circuit> circuit) {
        this.circuit = circuit.orElse(null);
    }

    /** Results that a circuit judges a host by. */
    abstract int window();

    /** A circuit that knows so many successes. */
    abstract Circuit newCircuit(int successes);

    public final Phase phase() {
        return circuit == null ? Phase.CLOSED : circuit.phase();
    }

    /** Whether the host opened its circuit so often in a row that nothing more is asked of it. */
    public final boolean isGivenUp() {
        return circuit != null && circuit.isGivenUp();
    }

    /** The circuit's epoch: the verdict on a request that began in an earlier one comes too late. */
    public final int circuitEpoch() {
        return circuit == null ? 0 : circuit.epoch();
    }

    /** Until when the host is left alone; only while its circuit is open. */
    final long reopensAt() {
        return Objects.requireNonNull(circuit, "closed").reopensAt();
    }

    /** The circuit, if there was a failure. */
    final Optional<Circuit> circuit() {
        return Optional.ofNullable(circuit);
    }

    /** Whether the host has failed, in this run of the crawl or in an earlier one. */
    final boolean hasCircuit() {
        return circuit != null;
    }

    /** Before a request: makes it the probe, if the circuit is not closed. */
    final void probe() {
        if (circuit != null) {
            circuit.probe();
        }
    }

    /** After a request, which began in this epoch of the circuit. */
    final void tell(HostHealth verdict, int epoch) {
        if (circuit == null && verdict == HostHealth.FAILURE) {
            circuit = newCircuit(earlySuccesses);
        }
        if (circuit != null) {
            circuit.tell(verdict, epoch);
        } else if (verdict == HostHealth.SUCCESS && earlySuccesses < window()) {
            earlySuccesses++;
        }
    }

    /** An outcome of one of the host's pages became final. */
    public final void count(Outcome outcome) {
        ok += outcome instanceof Fetched ? 1 : 0;
        if (outcome instanceof Failed failure) {
            failed++;
            lastFailure = failure;
        }
    }

    /** Pages fetched. */
    final long ok() {
        return ok;
    }

    /** URLs that failed for good. */
    final long failed() {
        return failed;
    }

    final Optional<Failed> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    final Phase countedPhase() {
        return countedPhase;
    }

    final void countedPhase(Phase phase) {
        countedPhase = phase;
    }

    final boolean isCountedAsGivenUp() {
        return countedAsGivenUp;
    }

    final void countAsGivenUp() {
        countedAsGivenUp = true;
    }
}
