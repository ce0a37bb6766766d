package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Frontier;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/**
 * The crawl is slow with all slots taken and no connection open: each worker with a slot sleeps until its own host may
 * be asked again, and pages of hosts that are ready wait for a slot.
 *
 * <pre>
 * worker-1 (host a)            worker-2 (host b)            worker-3 (host c, which is ready)
 * Broken: take a slot, sleep   Broken: take a slot, sleep
 * Fixed:  sleep                Fixed:  sleep
 *                                                           Broken: wait for a slot
 *                                                           Fixed:  take a slot, fetch, give it back
 * Fixed:  take a slot, fetch   Fixed:  take a slot, fetch
 * </pre>
 */
@Pitfall(id = "sleeping-with-a-permit",
        question = "Does a thread hold a slot that others could use while it waits for a time to come?",
        go = "a time.Sleep between taking from the semaphore channel and giving back", embodiedBy = Frontier.class)
class SleepingWithAPermitTest {

    /** Politeness as a part of the fetch: it looks tidy, and its time is paid in slots. */
    static final class Broken extends Sample {

        @Override
        void visit(Host host) throws InterruptedException {
            slots.acquire();
            try {
                host.awaitReady();
                fetch(host);
            } finally {
                slots.release();
            }
        }
    }

    /**
     * Waits for the host first, and holds a slot only for as long as it fetches. In the crawler no worker waits for a
     * host: the frontier keeps all ready-times and hands out what is ready.
     */
    static final class Fixed extends Sample {

        @Override
        void visit(Host host) throws InterruptedException {
            host.awaitReady();
            slots.acquire();
            try {
                fetch(host);
            } finally {
                slots.release();
            }
        }
    }

    abstract static class Sample {

        final Semaphore slots = new Semaphore(2);
        final Queue<String> fetched = new ConcurrentLinkedQueue<>();

        abstract void visit(Host host) throws InterruptedException;

        void fetch(Host host) {
            fetched.add(host.name());
        }
    }

    /** A host, and the time from which it may be asked again. */
    record Host(String name, Gate readyAt) {

        Host(String name) {
            this(name, new Gate());
        }

        void awaitReady() throws InterruptedException {
            readyAt.pass();
        }
    }

    private final Host a = new Host("a");
    private final Host b = new Host("b");
    private final Host c = new Host("c");

    private void schedule(Sample sample, Actors actors) {
        c.readyAt().open();
        actors.start("worker-1", () -> sample.visit(a));
        actors.start("worker-2", () -> sample.visit(b));
        actors.awaitParked("worker-1", "awaitReady");
        actors.awaitParked("worker-2", "awaitReady");
        actors.start("worker-3", () -> sample.visit(c));
    }

    @Test
    void brokenSleepersHoldAllSlotsAndReadyWorkWaits() {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitParked("worker-3", "acquire");
            assertThat(sample.slots.availablePermits()).isZero();
            assertThat(sample.fetched).isEmpty();
            assertThat(actors.alive()).as("two sleep, one waits").hasSize(3);
        }
    }

    @Test
    void fixedReadyWorkIsDoneWhileTheOthersSleep() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd("worker-3");
            assertThat(sample.fetched).containsExactly("c");
            assertThat(actors.alive()).containsExactlyInAnyOrder("worker-1", "worker-2");
            a.readyAt().open();
            b.readyAt().open();
            actors.awaitEnd();
            assertThat(sample.fetched).containsExactlyInAnyOrder("c", "a", "b");
        }
    }
}
