package fanout.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves every {@link HostileCase} from an address of its own, 127.1.0.1 and so on, all on one port, and an index of
 * them on 127.0.0.1. Every other loopback address of this port, and {@code ::1}, is watched: a crawl that keeps to its
 * job never connects there.
 *
 * <p>Raw sockets, a platform thread for each connection. Starts its threads and ends them. Thread-safe.
 */
public final class HostileWeb implements AutoCloseable {

    /** What a job must allow, and no more. */
    public static final String CIDR = "127.1.0.0/16";

    private static final int BACKLOG = 512;

    private final List<HostileCase> cases = Cases.all();
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Map<Socket, Thread> connections = new ConcurrentHashMap<>();
    private final AtomicInteger elsewhere = new AtomicInteger();
    private final List<Thread> acceptors = new ArrayList<>();
    private final int port;

    private HostileWeb(int wanted) throws IOException {
        ServerSocket everywhere = new ServerSocket();
        everywhere.setReuseAddress(true);
        everywhere.bind(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), wanted), BACKLOG);
        port = everywhere.getLocalPort();
        listeners.add(everywhere);
        try {
            listeners.add(new ServerSocket(port, BACKLOG, InetAddress.ofLiteral("::1")));
        } catch (IOException _) {
            // A machine without IPv6 has no ::1 to be watched.
        }
    }

    /** Serves on this port; 0: on a free one. */
    public static HostileWeb start(int port) throws IOException {
        HostileWeb web = new HostileWeb(port);
        for (ServerSocket listener : web.listeners) {
            Thread acceptor =
                    Thread.ofPlatform().daemon().name("hostile-acceptor").unstarted(() -> web.accept(listener));
            web.acceptors.add(acceptor);
            acceptor.start();
        }
        return web;
    }

    public int port() {
        return port;
    }

    public List<HostileCase> cases() {
        return cases;
    }

    /** The index page. */
    public String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** Connections to addresses that a crawl has no business with, the index among them. */
    public int connectionsElsewhere() {
        return elsewhere.get();
    }

    /** What a crawl of the web must write of a case. */
    public List<Expected> expected(HostileCase hostile, boolean defaults) {
        return hostile.lines()
                .stream()
                .map(line -> line.under(defaults).resolved(origin(hostile), port))
                .toList();
    }

    String origin(HostileCase hostile) {
        int number = cases.indexOf(hostile);
        return "http://127.1." + number / 250 + "." + (number % 250 + 1) + ":" + port;
    }

    String absolute(HostileCase hostile, String url) {
        return url.startsWith("/") ? origin(hostile) + url : url.replace("PORT", String.valueOf(port));
    }

    /**
     * The job that crawls all of it: the defaults, but for what loopback needs, and times so short that it ends soon.
     */
    public String job() {
        return HostileJob.of(this);
    }

    private void accept(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread thread = Thread.ofPlatform().daemon().stackSize(512 << 10).name("hostile").unstarted(() -> {
                    serve(socket);
                    connections.remove(socket);
                });
                connections.put(socket, thread);
                thread.start();
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Optional<HostileCase> hostile = caseAt(socket.getLocalAddress());
            if (hostile.isEmpty()) {
                elsewhere.incrementAndGet();
            }
            Wire wire = new Wire(socket, hostile.map(this::origin).orElse(""));
            if (hostile.isPresent() && hostile.get().speaksFirst()) {
                hostile.get().script().answer(wire, "");
            }
            for (Optional<String> path = wire.next(); path.isPresent() && wire.isOpen(); path = wire.next()) {
                answer(hostile, wire, path.get());
                if (!wire.isOpen()) {
                    return;
                }
            }
        } catch (IOException _) {
            // The client left, or the web is being closed.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Optional<HostileCase> hostile, Wire wire, String path)
            throws IOException, InterruptedException {
        if (hostile.isEmpty()) {
            CaseIndex.answer(this, wire, path);
        } else if (path.equals("/robots.txt") && !hostile.get().robots()) {
            wire.respond("404 Not Found", new byte[0]);
        } else {
            hostile.get().script().answer(wire, path);
        }
    }

    private Optional<HostileCase> caseAt(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address || bytes[0] != 127 || bytes[1] != 1) {
            return Optional.empty();
        }
        int number = (bytes[2] & 255) * 250 + (bytes[3] & 255) - 1;
        return number < cases.size() ? Optional.of(cases.get(number)) : Optional.empty();
    }

    private List<Thread> endConnections() throws IOException {
        List<Thread> threads = new ArrayList<>();
        for (Map.Entry<Socket, Thread> each : connections.entrySet()) {
            each.getKey().close();
            each.getValue().interrupt();
            threads.add(each.getValue());
        }
        return threads;
    }

    /** Ends every connection and every thread; an interrupt only ends the wait for them. */
    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        try {
            for (Thread acceptor : acceptors) {
                acceptor.join();
            }
            for (Thread connection : endConnections()) {
                connection.join();
            }
        } catch (InterruptedException _) {
            endConnections();
            Thread.currentThread().interrupt();
        }
    }
}
