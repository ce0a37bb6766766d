package fanout.app.service.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.service.http.Connection.Worth;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections that are open, each with a thread of its own, and who must leave when there are too many.
 *
 * <p>A newcomer is always let in. If that makes too many, or too many of one address whose requests have not arrived, then the
 * one that has waited longest is closed, first of those that have shown no token, and of the address that has most of them.
 * So sockets that are opened and left, or sent a byte now and then, push out each other: a request that arrives within
 * milliseconds, such as the question whether the service is alive, is answered. Requests that were let in and have arrived are
 * never closed for a newcomer. They may be nine tenths of all, and the rest is the reserve for those that need no token.
 *
 * <p>A watchdog ends the connections of readers that take nothing for too long.
 *
 * <p>Thread-safe. Owns its threads, and joins them in {@link #close}.
 */
final class Connections implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(50);
    /** A request that is on its way from a client of good will is there by then. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    private final HttpService.Limits limits;
    private final HttpService.Serving serving;
    private final ThreadFactory threads = Thread.ofVirtual().name("api-", 1).factory();
    private final Semaphore served;
    private final AtomicLong crowdedOut = new AtomicLong();
    private final AtomicLong cutOff = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread watchdog;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<Connection> open = new HashSet<>();

    /** Starts the watchdog. */
    Connections(HttpService.Limits limits, HttpService.Serving serving) {
        this.limits = limits;
        this.serving = serving;
        this.served = new Semaphore(limits.served());
        this.watchdog = Thread.ofVirtual().name("api-watchdog").start(this::watch);
    }

    /** Serves a connection, and closes another one if that is one too many. */
    void admit(SocketChannel channel) throws IOException {
        Connection newcomer = new Connection(channel, this, serving, threads);
        Optional<Connection> leaving;
        lock.lock();
        try {
            if (closing.getCount() == 0) {
                channel.close();
                return;
            }
            open.add(newcomer);
            newcomer.thread().start();
            leaving = leaving(newcomer);
            leaving.ifPresent(open::remove); // it does not count any more while its thread leaves
        } finally {
            lock.unlock();
        }
        leaving.ifPresent(connection -> {
            crowdedOut.incrementAndGet();
            connection.end();
        });
    }

    @GuardedBy("lock")
    private Optional<Connection> leaving(Connection newcomer) {
        List<Connection> waiting =
                open.stream().filter(one -> one != newcomer && one.worth() != Worth.SERVED).toList();
        List<Connection> near =
                waiting.stream().filter(one -> one.client().network().equals(newcomer.client().network())).toList();
        if (near.size() >= limits.waitingOfANetwork()) {
            return first(near);
        }
        if (open.size() <= limits.connections()) {
            return Optional.empty();
        }
        Map<String, Integer> counts = new HashMap<>();
        waiting.forEach(one -> counts.merge(one.client().network(), 1, Integer::sum));
        int most = counts.values().stream().max(Comparator.naturalOrder()).orElse(0);
        return first(waiting.stream().filter(one -> counts.getOrDefault(one.client().network(), 0) == most).toList());
    }

    /** Of those that have shown no token for longer than the grace, else of all, the one that has waited longest. */
    private static Optional<Connection> first(List<Connection> waiting) {
        long now = System.nanoTime();
        return waiting.stream()
                .min(Comparator
                        .<Connection, Boolean>comparing(
                                one -> one.worth() == Worth.KNOWN || now - one.since() < GRACE.toNanos())
                        .thenComparingLong(one -> one.since() - now));
    }

    /** Takes one of the places of requests that are served; false if there is none. */
    boolean serve() {
        return served.tryAcquire();
    }

    /** Gives it back. */
    void leave() {
        served.release();
    }

    /** Forgets a connection that has ended. */
    void remove(Connection connection) {
        lock.lock();
        try {
            open.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    private List<Connection> all() {
        lock.lock();
        try {
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many there are. */
    int count() {
        return all().size();
    }

    /** Returns how many were closed for newcomers. */
    long crowdedOut() {
        return crowdedOut.get();
    }

    /** Returns how many were closed because their readers took nothing. */
    long cutOff() {
        return cutOff.get();
    }

    private void watch() {
        try {
            while (!closing.await(TICK.toNanos(), TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                for (Connection connection : all()) {
                    if (connection.isOverdue(now) && connection.end()) {
                        cutOff.incrementAndGet();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nothing else runs on this thread
        }
    }

    /** Ends all connections, and joins their threads. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing.countDown(); // under the lock: nothing is admitted behind it
        } finally {
            lock.unlock();
        }
        long deadline = System.nanoTime() + LONGEST_END.toNanos();
        boolean interrupted = false;
        for (List<Connection> left = all(); !left.isEmpty() && System.nanoTime() < deadline; left = all()) {
            left.forEach(Connection::end);
            for (Connection connection : left) {
                interrupted |= !joined(connection.thread());
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
}
