package fanout.simulation;

import fanout.internal.task.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * The simulated clock. It stands while a thread can run, and then moves to the end of the next wait; on a slow machine
 * it also slips forward while a thread could run, and that time is counted apart, so that "in time" can still be said
 * exactly.
 *
 * <p>Reading it is where threads are preempted: a seed may make the reader yield, also one that holds a lock.
 */
final class SimulatedClock implements Ticker {

    /** Long.MAX_VALUE is near: comparisons that cannot stand an overflow fail. */
    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();
    private static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");
    private static final long LONGEST_SLIP = Duration.ofMillis(20).toNanos();

    /**
     * How the machine is.
     *
     * @param yields how likely reading the clock lets others run
     * @param slips how likely time passes before a step, though a thread could run
     * @param wakes how likely a timed wait ends for nothing
     */
    record Machine(double yields, double slips, double wakes) {}

    private final Machine machine;
    private final SplittableRandom random;
    private final long horizon;
    private @Nullable SimulatedThreads threads;
    private long time;
    private long slipped;

    /**
     * A clock that shows 0.
     *
     * @param horizon beyond this nothing is waited for: a thread that still lives then never ends
     */
    SimulatedClock(Machine machine, SplittableRandom random, Duration horizon) {
        this.machine = machine;
        this.random = random;
        this.horizon = horizon.toNanos();
    }

    /** The machine was off until then. */
    void startAt(long nanos) {
        time = nanos;
    }

    void ticksFor(SimulatedThreads all) {
        threads = all;
    }

    /** Nanoseconds since the simulation began. */
    long time() {
        return time;
    }

    /** A reading, with what of it passed although a thread could run. */
    Moment moment() {
        return new Moment(time, slipped);
    }

    /** Time passes on a slow machine. */
    void slip(SplittableRandom chance) {
        if (machine.slips > 0 && chance.nextDouble() < machine.slips) {
            long passed = chance.nextLong(1, LONGEST_SLIP);
            time += passed;
            slipped += passed;
        }
    }

    /** Moves on to this moment, if there is one before the horizon. */
    boolean advanceTo(OptionalLong next) {
        if (next.isEmpty() || next.getAsLong() > horizon) {
            return false;
        }
        time = Math.max(time, next.getAsLong());
        return true;
    }

    @Override
    public long nanos() {
        preempt();
        return ORIGIN + time;
    }

    @Override
    public Instant now() {
        preempt();
        return EPOCH.plusNanos(time);
    }

    /** Lets others run, or not. */
    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is ours: here a yield is a decision, not a hint
    void preempt() {
        if (Objects.requireNonNull(threads).mayPreempt() && machine.yields > 0
                && random.nextDouble() < machine.yields) {
            Thread.yield();
        }
    }

    /** Lets this much time pass for the running thread, which may be interrupted. */
    void pass(long nanos) throws InterruptedException {
        new Alarm().await(nanos, this);
    }

    /** The same for one that is not to be interrupted; an interrupt is kept for later. */
    void passWhateverComes(long nanos) {
        long until = time + nanos;
        boolean interrupted = false;
        while (time < until) {
            try {
                pass(until - time);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable SimulatedThread running() {
        return Objects.requireNonNull(threads).running();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the callers loop
    public long await(Condition condition, long nanos) throws InterruptedException {
        SimulatedThread me = Objects.requireNonNull(running(), "not a simulated thread");
        long due = nanos > Long.MAX_VALUE - time ? Long.MAX_VALUE : time + nanos;
        boolean wakesForNothing = machine.wakes > 0 && nanos > 1 && random.nextDouble() < machine.wakes;
        SimulatedThread.Wait wait = me.begins(wakesForNothing ? time + random.nextLong(Math.min(nanos, horizon)) : due);
        try {
            condition.await();
            if (wait.wasEndedByTheClock()) { // signalled as well, so that the lock has kept the clock's interrupt
                Thread.interrupted();
                if (wait.wasInterrupted()) {
                    Thread.currentThread().interrupt();
                }
            }
        } catch (InterruptedException e) {
            if (!wait.wasEndedByTheClock()) {
                throw e;
            }
        } finally {
            me.waitIsOver();
        }
        return due - time;
    }
}
