package fanout.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Signal;
import fanout.simulation.SimulatedClock.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the scheduler and its clock can see: small programs that hang in every way there is. */
class SimulatedThreadsTest {

    private static final Machine QUICK = new Machine(0.3, 0, 0);

    private final List<String> log = new ArrayList<>();

    /** A small program on a scheduler of its own. */
    private final class Program {

        final SimulatedClock clock;
        final SimulatedThreads threads;

        Program(long seed, Machine machine, Choice choice) {
            SplittableRandom random = new SplittableRandom(seed);
            clock = new SimulatedClock(machine, random.split(), Duration.ofHours(1));
            threads = new SimulatedThreads(random, choice, clock, Trace.fingerprint(), () -> {});
        }

        End run() {
            End end = threads.run(10_000);
            if (end != End.ALL_ENDED) {
                log.add(threads.stacks());
            }
            threads.close();
            return end;
        }
    }

    private Program program(long seed) {
        return new Program(seed, QUICK, Choice.UNIFORM);
    }

    @Test
    void timePassesOnlyWhileAllWait() {
        Program program = program(1);
        program.threads.start("late", () -> pass(program, Duration.ofMinutes(2)));
        program.threads.start("early", () -> pass(program, Duration.ofMinutes(1)));
        assertThat(program.run()).isEqualTo(End.ALL_ENDED);
        assertThat(log).containsExactly("after PT1M", "after PT2M");
        assertThat(program.clock.time()).isEqualTo(Duration.ofMinutes(2).toNanos());
    }

    private void pass(Program program, Duration time) {
        try {
            program.clock.pass(time.toNanos());
            log.add("after " + time);
        } catch (InterruptedException e) {
            log.add("interrupted");
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoLocksInTwoOrdersDeadlockUnderSomeSeed(Choice choice) {
        Set<End> ends = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            Program program = new Program(seed, QUICK, choice);
            ReentrantLock one = new ReentrantLock();
            ReentrantLock other = new ReentrantLock();
            program.threads.start("there", () -> lockBoth(one, other, program.clock));
            program.threads.start("back", () -> lockBoth(other, one, program.clock));
            ends.add(program.run());
        }
        assertThat(ends).containsExactlyInAnyOrder(End.ALL_ENDED, End.DEADLOCK);
        assertThat(log).allSatisfy(stacks -> assertThat(stacks).contains("there", "back", "lockBoth"));
    }

    private static void lockBoth(ReentrantLock first, ReentrantLock second, SimulatedClock clock) {
        first.lock();
        try {
            clock.preempt();
            second.lock();
            try {
                clock.preempt();
            } finally {
                second.unlock();
            }
        } finally {
            first.unlock();
        }
    }

    @Test
    void waitThatNoClockEndsIsADeadlock() {
        Program program = program(1);
        program.threads.start("waits", () -> {
            try {
                new Signal<Boolean>(program.clock).await(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                log.add("interrupted");
            }
        });
        assertThat(program.run()).isEqualTo(End.DEADLOCK);
        assertThat(log).singleElement().asString().contains("Signal.await");
    }

    @Test
    void threadThatRunsForEverIsALivelock() {
        Program program = program(1);
        program.threads.start("spins", () -> {
            while (log.isEmpty()) {
                program.clock.preempt();
            }
        });
        assertThat(program.run()).isEqualTo(End.LIVELOCK);
    }

    @Test
    void waitOnTheMachinesClockIsSeen() {
        Program program = program(1);
        ReentrantLock lock = new ReentrantLock();
        Condition never = lock.newCondition();
        program.threads.start("sleeps", () -> {
            lock.lock();
            try {
                while (log.isEmpty()) {
                    if (!never.await(1, TimeUnit.HOURS)) {
                        log.add("an hour has passed");
                    }
                }
            } catch (InterruptedException e) {
                log.add("interrupted");
            } finally {
                lock.unlock();
            }
        });
        assertThat(program.run()).isEqualTo(End.NOT_SIMULATED);
        assertThat(log).singleElement().asString().contains("sleeps");
    }

    /** The clock ends a wait by an interrupt; another's may neither be lost to that nor taken for the clock's. */
    @Test
    void interruptIsNeitherLostToTheClockNorMadeUpByIt() {
        for (int seed = 0; seed < 2_000; seed++) {
            log.clear();
            Program program = program(seed);
            ReentrantLock lock = new ReentrantLock();
            Condition condition = lock.newCondition();
            Thread waiter = program.threads.start("waits", () -> await(program, lock, condition));
            program.threads.start("signals", () -> signal(program, lock, condition));
            boolean interrupts = seed % 2 == 0;
            program.threads.start("interrupts", () -> {
                pass(program, Duration.ofSeconds(1));
                if (interrupts) {
                    waiter.interrupt();
                }
            });
            assertThat(program.run()).isEqualTo(End.ALL_ENDED);
            assertThat(log).as("seed %d", seed).contains("interrupted: " + interrupts);
        }
    }

    /** Waits until the moment at which it is also signalled and interrupted; then notes whether it was interrupted. */
    private void await(Program program, ReentrantLock lock, Condition condition) {
        boolean interrupted = false;
        lock.lock();
        try {
            program.clock.await(condition, Duration.ofSeconds(1).toNanos());
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            lock.unlock();
        }
        try {
            program.clock.pass(Duration.ofSeconds(1).toNanos());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        log.add("interrupted: " + interrupted);
    }

    private void signal(Program program, ReentrantLock lock, Condition condition) {
        pass(program, Duration.ofSeconds(1));
        lock.lock();
        try {
            program.clock.preempt();
            condition.signalAll();
            program.clock.preempt();
        } finally {
            lock.unlock();
        }
    }
}
