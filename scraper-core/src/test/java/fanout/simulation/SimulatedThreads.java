package fanout.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The seeded scheduler: one thread at a time runs, until it waits, yields or ends, and chance says which is next. When
 * none can run, the clock moves to the moment at which the next wait ends. When there is no such moment, those that
 * live never end.
 *
 * <p>Confined to the thread that drives the simulation, and the simulated ones, which take turns on it.
 */
final class SimulatedThreads {

    private static final int LOOKS_EVERY = 6;

    private final SplittableRandom random;
    private final Choice choice;
    private final SimulatedClock clock;
    private final Trace trace;
    private final Runnable whileAllWait;
    private final Thread driver = Thread.currentThread();
    private final List<SimulatedThread> alive = new ArrayList<>();
    /** Those that can run, by number: what chance says must not depend on anything else. */
    private final List<SimulatedThread> able = new ArrayList<>();
    private int made;
    private long steps;
    private boolean lockHeldByASleeper;
    private @Nullable SimulatedThread running;
    private volatile boolean over;
    private volatile boolean wokenFromOutside;

    /**
     * No threads yet.
     *
     * @param whileAllWait looks, and touches nothing; run on a thread of its own when no other can run
     */
    SimulatedThreads(SplittableRandom random, Choice choice, SimulatedClock clock, Trace trace,
            Runnable whileAllWait) {
        this.whileAllWait = whileAllWait;
        this.random = random;
        this.choice = choice;
        this.clock = clock;
        this.trace = trace;
        clock.ticksFor(this);
    }

    /** Makes the threads of the crawl with this number. */
    ThreadFactory factory(int crawl) {
        return task -> add(crawl, task).thread();
    }

    private SimulatedThread add(int crawl, Runnable task) {
        SimulatedThread thread = new SimulatedThread(made++, crawl, this, task);
        thread.priority = random.nextLong();
        alive.add(thread);
        return thread;
    }

    /** Starts a thread that is no crawl's. */
    Thread start(String name, Runnable task) {
        Thread thread = add(SimulatedThread.OF_NO_CRAWL, task).thread();
        thread.setName(name);
        thread.start();
        return thread;
    }

    /** The simulated thread that runs; null if the caller is the driver. */
    @Nullable
    SimulatedThread running() {
        return running;
    }

    long steps() {
        return steps;
    }

    /** Whether the running thread may be made to yield; one that looks while all wait may not. */
    boolean mayPreempt() {
        return running != null && running.number() >= 0;
    }

    /**
     * Whether the caller may make a thread ready: only simulated threads, and the driver, while the simulation runs.
     */
    boolean mayWake() {
        SimulatedThread current = running;
        Thread caller = Thread.currentThread();
        boolean simulated = caller.equals(driver) || (current != null && caller.equals(current.thread()));
        wokenFromOutside |= !simulated && !over;
        return simulated && !over;
    }

    /** Runs until every thread has ended or none ever will. */
    End run(long mostSteps) {
        while (steps < mostSteps) {
            SimulatedThread next = next();
            if (next == null) {
                return alive.isEmpty() ? End.ALL_ENDED : isSimulated() ? End.DEADLOCK : End.NOT_SIMULATED;
            }
            step(next);
            if (wokenFromOutside) {
                return End.NOT_SIMULATED;
            }
        }
        return End.LIVELOCK;
    }

    private void step(SimulatedThread next) {
        steps++;
        trace.step(next, clock.time());
        running = next;
        if (next.isReady()) {
            next.proceed();
        } else {
            next.endWait();
        }
        running = null;
        if (!next.thread().isAlive()) {
            alive.remove(next);
            trace.say(() -> "ends");
        } else if (!next.isReady()) {
            trace.say(() -> "waits in " + next.place()
                    + (next.isTimed() ? " until " + Trace.seconds(next.due()) : ""));
        }
    }

    private @Nullable SimulatedThread next() {
        clock.slip(random);
        if (noneCanRun()) {
            lookAround();
            if (!clock.advanceTo(alive.stream()
                    .filter(SimulatedThread::isTimed)
                    .mapToLong(SimulatedThread::due)
                    .min()) || noneCanRun()) {
                return null;
            }
        }
        return choice.next(able, random);
    }

    private boolean noneCanRun() {
        able.clear();
        for (SimulatedThread thread : alive) {
            if (thread.isReady() || thread.isDue(clock.time())) {
                able.add(thread);
            }
        }
        return able.isEmpty();
    }

    /** Now and then an observer looks around while all wait. It must not have to wait for any of them. */
    private void lookAround() {
        if (random.nextInt(LOOKS_EVERY) == 0) {
            SimulatedThread look = new SimulatedThread(-1, SimulatedThread.OF_NO_CRAWL, this, whileAllWait);
            look.thread().setName("observer");
            look.thread().start();
            step(look);
            if (look.thread().isAlive()) {
                alive.add(look);
                lockHeldByASleeper = true;
            }
        }
    }

    /** Whether a thread was seen to wait, for time or for good, while it held a lock. */
    boolean wasALockHeldByASleeper() {
        return lockHeldByASleeper;
    }

    private boolean isSimulated() {
        return alive.stream().map(thread -> thread.thread().getState()).allMatch(Thread.State.WAITING::equals);
    }

    /** Where each thread that lives is. */
    String stacks() {
        return alive.stream()
                .map(thread -> thread + " " + thread.thread().getState() + "\n"
                        + List.of(thread.thread().getStackTrace())
                                .stream()
                                .map(frame -> "        at " + frame + "\n")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("    ", "    ", ""));
    }

    /** The threads of a crawl that live. */
    List<String> alive(int crawl) {
        return alive.stream().filter(thread -> thread.crawl() == crawl).map(SimulatedThread::name).toList();
    }

    /** Nothing runs any more. What lives is left to the garbage collector, under a name that no test looks for. */
    void close() {
        over = true;
        alive.forEach(thread -> thread.thread().setName("abandoned by a simulation"));
    }
}
