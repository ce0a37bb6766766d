package fanout.app.service.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.service.http.Connection.Worth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
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
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves routes over HTTP/1.1, with a thread for each connection, and decides which must leave when there are too many.
 *
 * <p>The threads are the operating system's. Virtual threads run on as many carriers as there are processors, in turn
 * and without preemption: while crawls parse large pages on each of them, an answer waits for seconds. The operating
 * system divides the processors fairly instead.
 *
 * <p>A newcomer is always let in. If that makes too many, or too many of one address whose requests have not arrived,
 * then the one that has waited longest is closed, first of those that have shown no token, and of the address that has
 * most of them. So sockets that are opened and left, or sent a byte now and then, push out each other: a request that
 * arrives within milliseconds, such as the question whether the service is alive, is answered. Requests that were let
 * in and have arrived are never closed for a newcomer. They may be nine tenths of all, and the rest is the reserve for
 * those that need no token.
 *
 * <p>A watchdog ends the connections of readers that take nothing for too long, and of those whose token was deleted or
 * has expired.
 *
 * <p>Thread-safe. Owns its socket, its connections and its threads, which {@link #close} ends and joins.
 */
public final class HttpService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);
    private static final int BACKLOG = 1_024;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration TICK = Duration.ofMillis(50);
    /** A request that is on its way from a client of good will is there by then. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** Requests leave at an interrupt. One that does not is no reason for the process to outlast its time. */
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final Limits limits;
    private final Connection.Serving serving;
    private final ThreadFactory threads = Thread.ofPlatform().daemon().name("api-", 1).factory();
    private final AtomicLong crowdedOut = new AtomicLong();
    private final AtomicLong cutOff = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread acceptor;
    private final Thread watchdog;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<Connection> open = new HashSet<>();

    private HttpService(ServerSocketChannel server, Limits limits, Connection.Serving serving) throws IOException {
        this.server = server;
        this.address = (InetSocketAddress) server.getLocalAddress();
        this.limits = limits;
        this.serving = serving;
        this.watchdog = Thread.ofPlatform().daemon().name("api-watchdog").start(this::watch);
        this.acceptor = Thread.ofPlatform().daemon().name("api-acceptor").start(this::accept);
    }

    /**
     * What connections may take up.
     *
     * @param connections at once
     * @param waitingOfANetwork how many of a {@link Client#network} may be idle or still send their request
     * @param patience how long a request may take to arrive, or its reader to read the next piece
     */
    public record Limits(int connections, int waitingOfANetwork, Duration patience) {

        /** A thousand at once, a quarter of them waiting for one network, half a minute each. */
        public static final Limits DEFAULT = new Limits(1_000, 250, Duration.ofSeconds(30));

        public Limits {
            if (connections < 2 || waitingOfANetwork < 1 || !patience.isPositive()) {
                throw new IllegalArgumentException("limits must be positive");
            }
        }

        /** Returns how many may be served at once, of those that need a token. */
        int served() {
            return connections - Math.max(1, connections / 10);
        }
    }

    /**
     * Starts to serve.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static HttpService start(InetSocketAddress address, Limits limits, Routes routes, Guard guard,
            RequestListener listener) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, BACKLOG);
            return new HttpService(server, limits, new Connection.Serving(routes, guard, listener, limits.patience(),
                    new Semaphore(limits.served())));
        } catch (IOException | RuntimeException e) {
            try (server) {
                throw e;
            }
        }
    }

    private void accept() {
        boolean told = false;
        while (server.isOpen()) {
            try {
                admit(server.accept());
                told = false;
            } catch (ClosedChannelException e) {
                return; // the service ends
            } catch (IOException | RuntimeException | Error e) {
                // no more descriptors, or memory: others may give some back
                if (!told) {
                    told = true;
                    LOG.warn("cannot accept a connection", e);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        try {
            serve(channel);
        } catch (IOException | RuntimeException | Error e) {
            // the client has gone already, or there is no memory for a thread
            try (channel) {
                LOG.debug("a connection cannot be served", e);
            }
        }
    }

    /** Serves a connection, and closes another one if that is one too many. */
    private void serve(SocketChannel channel) throws IOException {
        Connection newcomer = new Connection(channel, serving, threads, this::remove);
        Optional<Connection> leaving;
        lock.lock();
        try {
            if (closing.getCount() == 0) {
                channel.close();
                return;
            }
            newcomer.thread().start(); // it can be removed only under the lock, which is held until it is added
            open.add(newcomer);
            leaving = leaving(newcomer);
            leaving = leaving.filter(Connection::giveWay);
            leaving.ifPresent(open::remove); // it does not count any more while its thread leaves
        } finally {
            lock.unlock();
        }
        crowdedOut.addAndGet(leaving.isPresent() ? 1 : 0);
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

    /** Forgets a connection that has ended. */
    private void remove(Connection connection) {
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

    private void watch() {
        try {
            while (!closing.await(TICK.toNanos(), TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                for (Connection connection : all()) {
                    if (connection.isOverdue(now) && connection.end()) {
                        cutOff.incrementAndGet();
                    } else if (connection.isForbidden()) {
                        connection.end();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nothing else runs on this thread
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Returns how many connections are open. */
    public int connections() {
        return all().size();
    }

    /** Returns how many connections were closed for newcomers, because there were too many. */
    public long crowdedOut() {
        return crowdedOut.get();
    }

    /** Returns how many connections were closed because their readers took nothing. */
    public long cutOff() {
        return cutOff.get();
    }

    /**
     * Stops listening, ends all requests, and joins their threads, for two seconds at most: what has not ended then is
     * logged. Idempotent.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closing.countDown(); // under the lock: nothing is served behind it
        } finally {
            lock.unlock();
        }
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("cannot close the socket that listens on {}", address, e);
        }
        long deadline = System.nanoTime() + LONGEST_END.toNanos();
        boolean interrupted = false;
        List<Connection> left = all();
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            left.forEach(Connection::end);
            interrupted |= !joined(left.getFirst().thread()); // the others end meanwhile
            left = all();
        }
        for (Thread thread : List.of(acceptor, watchdog)) {
            while (thread.isAlive() && System.nanoTime() - deadline < 0) {
                interrupted |= !joined(thread);
            }
        }
        if (!left.isEmpty()) {
            LOG.warn("{} requests have not ended within {} s of an interrupt", left.size(), LONGEST_END.toSeconds());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits a moment for a thread's end; false if the caller was interrupted, which the end of the service outlasts.
     */
    private static boolean joined(Thread thread) {
        try {
            thread.join(TICK);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
