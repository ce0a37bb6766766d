package fanout.internal.http;

import fanout.internal.task.Ticker;
import fanout.outcome.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** Every place in which a fetch can wait for good. */
enum Standstill {
    DNS(Stage.DNS) {
        @Override
        Scene open() {
            CountDownLatch never = new CountDownLatch(1);
            SystemResolver resolver = new SystemResolver(host -> {
                awaitUninterruptibly(never);
                throw new UnknownHostException(host);
            }, 8, Ticker.system());
            return new Scene(new OkHttpClient(), resolver,
                    () -> "http://host-" + ThreadLocalRandom.current().nextInt(50) + ".example/", () -> 0,
                    never::countDown);
        }
    },
    CONNECT(Stage.CONNECT) {
        @Override
        Scene open() {
            FullServer server = new FullServer();
            return scene(new OkHttpClient(), server.url(), () -> 0, server::close);
        }
    },
    TLS(Stage.CONNECT) {
        @Override
        Scene open() {
            RawServer server = RawServer.serving((socket, in) -> RawServer.untilClosed(in));
            return scene(new OkHttpClient(), server.url("/").replace("http:", "https:"), server::open, server::close);
        }
    },
    HEADERS(Stage.HEADERS) {
        @Override
        Scene open() {
            RawServer server = RawServer.serving((socket, in) -> RawServer.untilClosed(in));
            return scene(new OkHttpClient(), server.url("/"), server::open, server::close);
        }
    },
    BODY(Stage.BODY) {
        @Override
        Scene open() {
            RawServer server = RawServer.serving((socket, in) -> {
                RawServer.readHead(in);
                RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(1000));
                RawServer.untilClosed(in);
            });
            return scene(new OkHttpClient(), server.url("/"), server::open, server::close);
        }
    },
    CHUNKED_BODY(Stage.BODY) {
        @Override
        Scene open() {
            RawServer server = RawServer.serving((socket, in) -> {
                RawServer.readHead(in);
                RawServer.send(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n10\r\na");
                RawServer.untilClosed(in);
            });
            return scene(new OkHttpClient(), server.url("/"), server::open, server::close);
        }
    },
    HTTP2_HEADERS(Stage.HEADERS) {
        @Override
        Scene open() {
            RawHttp2Server server = new RawHttp2Server(false);
            return scene(HTTP2, server.url("/"), server::openStreams, server::close);
        }
    },
    HTTP2_BODY(Stage.BODY) {
        @Override
        Scene open() {
            RawHttp2Server server = new RawHttp2Server(true);
            return scene(HTTP2, server.url("/"), server::openStreams, server::close);
        }
    };

    private static final OkHttpClient HTTP2 = new OkHttpClient.Builder()
            .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
            .build();

    final Stage stage;

    Standstill(Stage stage) {
        this.stage = stage;
    }

    /** Servers, or what takes their place, in which this happens. */
    abstract Scene open();

    /**
     * Where fetches stand still.
     *
     * @param leftOnServer connections or streams that the servers still see open
     */
    record Scene(
            OkHttpClient base,
            Resolver resolver,
            java.util.function.Supplier<String> url,
            IntSupplier leftOnServer,
            Runnable closeServers) implements AutoCloseable {

        @Override
        public void close() {
            closeServers.run();
        }
    }

    private static Scene scene(OkHttpClient base, String url, IntSupplier left, Runnable closeServers) {
        return new Scene(base, new SystemResolver(Ticker.system()), () -> url, left, closeServers);
    }

    /** As the operating system's lookup: deaf to interrupts. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A listening socket whose queue is full: Linux drops further connects, which wait. */
    private static final class FullServer implements AutoCloseable {

        private final ServerSocket server;
        private final List<Socket> queued = new ArrayList<>();

        FullServer() {
            try {
                server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                while (connects()) {
                    if (queued.size() > 100) {
                        throw new IllegalStateException("the queue of connections does not fill up");
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean connects() throws IOException {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), server.getLocalPort()), 300);
                return true;
            } catch (SocketTimeoutException e) {
                return false;
            }
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort() + "/";
        }

        @Override
        public void close() {
            try {
                for (Socket socket : queued) {
                    socket.close();
                }
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
