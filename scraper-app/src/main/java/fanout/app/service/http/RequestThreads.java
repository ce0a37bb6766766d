package fanout.app.service.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that answer requests, one virtual thread each, and the watchdog that ends those whose time is up: a request that
 * does not arrive, and a reader that does not read. It interrupts the thread; a virtual thread that is blocked in its socket then
 * closes the socket and leaves.
 *
 * <p>Thread-safe. Owns its threads, and joins them in {@link #close}. When there are too many requests, further ones are refused
 * and their connections closed.
 */
final class RequestThreads implements Executor, AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration LONGEST_END = Duration.ofSeconds(10);
    private static final ScopedValue<Timed> CURRENT = ScopedValue.newInstance();

    private final Set<Timed> live = ConcurrentHashMap.newKeySet();
    private final AtomicLong number = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Semaphore room;
    private final Duration patience;
    private final Thread watchdog;

    /**
     * Starts the watchdog.
     *
     * @param most requests at once
     * @param patience how long a request may take, or its reader to read the next piece
     */
    RequestThreads(int most, Duration patience) {
        this.room = new Semaphore(most);
        this.patience = patience;
        this.watchdog = Thread.ofVirtual().name("api-watchdog").start(this::watch);
    }

    @Override
    public void execute(Runnable exchange) {
        if (closing.getCount() == 0 || !room.tryAcquire()) {
            throw new RejectedExecutionException("too many requests");
        }
        Thread thread = Thread.ofVirtual().name("api-" + number.incrementAndGet()).unstarted(() -> answer(exchange));
        thread.start();
    }

    private void answer(Runnable exchange) {
        Timed timed = new Timed(Thread.currentThread(), patience);
        live.add(timed);
        try {
            ScopedValue.where(CURRENT, timed).run(exchange);
        } finally {
            live.remove(timed);
            room.release();
        }
    }

    /** Gives the calling thread's request its whole time again, because it makes progress. */
    static void progressed() {
        CURRENT.get().renew();
    }

    /** Whether the calling thread's request was ended by the watchdog. */
    static boolean isCutOff() {
        return CURRENT.get().cutOff;
    }

    private void watch() {
        try {
            while (!closing.await(TICK.toNanos(), TimeUnit.NANOSECONDS)) {
                live.forEach(timed -> timed.endIfOverdue(System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nothing else runs on this thread
        }
    }

    /** Ends all requests, and joins their threads. */
    @Override
    public void close() {
        closing.countDown();
        long deadline = System.nanoTime() + LONGEST_END.toNanos();
        boolean interrupted = false;
        while (!live.isEmpty() && System.nanoTime() < deadline) {
            for (Timed timed : live) {
                timed.thread.interrupt();
                interrupted |= !joined(timed.thread);
            }
        }
        interrupted |= !joined(watchdog);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits a moment for a thread's end; false if the caller was interrupted, which the end of the service outlasts. */
    private static boolean joined(Thread thread) {
        try {
            thread.join(TICK);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** A request and its time. */
    private static final class Timed {

        private final Thread thread;
        private final Duration patience;
        private volatile long deadline;
        private volatile boolean cutOff;

        private Timed(Thread thread, Duration patience) {
            this.thread = thread;
            this.patience = patience;
            renew();
        }

        private void renew() {
            deadline = System.nanoTime() + patience.toNanos();
        }

        /** Each time again until the thread has left, because an interrupt may be lost. */
        private void endIfOverdue(long now) {
            if (now - deadline > 0) {
                cutOff = true;
                thread.interrupt();
            }
        }
    }
}
