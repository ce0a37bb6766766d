package fanout.internal.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/**
 * A loopback server that does to each connection what a test says, byte for byte. Starts its threads and joins them.
 */
final class RawServer implements AutoCloseable {

    /** What happens to a connection; it is closed afterwards. */
    @FunctionalInterface
    interface Script {
        void serve(Socket socket, InputStream in) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Script script;
    private final Map<Socket, Thread> open = new ConcurrentHashMap<>();
    private final Thread acceptor = Thread.ofVirtual().name("raw server").unstarted(this::accept);
    final AtomicInteger accepted = new AtomicInteger();

    private RawServer(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
    }

    static RawServer serving(Script script) {
        return on("127.0.0.1", script);
    }

    static RawServer on(String address, Script script) {
        try {
            RawServer raw = new RawServer(new ServerSocket(0, 500, InetAddress.ofLiteral(address)), script);
            raw.acceptor.start();
            return raw;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server behind TLS. */
    static RawServer secured(SSLContext context, String protocol, Script script) {
        try {
            SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory()
                    .createServerSocket(0, 500, InetAddress.ofLiteral("127.0.0.1"));
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[]{protocol});
            socket.setSSLParameters(parameters);
            RawServer raw = new RawServer(socket, script);
            raw.acceptor.start();
            return raw;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server that answers each connection's first request with this text, and closes. */
    static RawServer answering(String response) {
        return serving((socket, in) -> {
            readHead(in);
            send(socket, response);
        });
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                Thread thread = Thread.ofVirtual()
                        .name("raw server connection " + accepted.get())
                        .unstarted(() -> serve(socket));
                open.put(socket, thread);
                thread.start();
            } catch (IOException e) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.serve(socket, new BufferedInputStream(socket.getInputStream(), 1 << 16));
        } catch (IOException e) {
            // The client went away, which is what most tests are about.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // This thread's end.
        } finally {
            open.remove(socket);
        }
    }

    /** Reads up to and with the empty line; false at the end of the stream. */
    static boolean readHead(InputStream in) throws IOException {
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                return false;
            }
            boolean next = b == "\r\n\r\n".charAt(matched);
            matched = next ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return true;
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Waits until the client closes. */
    static void untilClosed(InputStream in) throws IOException {
        while (in.read() >= 0) {
            Thread.onSpinWait();
        }
    }

    String url(String pathAndQuery) {
        return (server instanceof SSLServerSocket ? "https://" : "http://") + server.getInetAddress().getHostAddress()
                + ":" + port() + pathAndQuery;
    }

    int port() {
        return server.getLocalPort();
    }

    /** Connections that the client has not closed. */
    int open() {
        return open.size();
    }

    @Override
    public void close() {
        boolean interrupted = false;
        try {
            server.close();
            interrupted = joined(acceptor);
            // After the acceptor no connection comes to the map, so none is missed here.
            for (Map.Entry<Socket, Thread> each : open.entrySet()) {
                each.getValue().interrupt();
                each.getKey().close();
                interrupted |= joined(each.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Joins to the end, whatever interrupts, and tells whether something did. */
    private static boolean joined(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
    }
}
