package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.http.OkHttpFetcher;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/**
 * A cancelled crawl moves to its next page, with one more network error in its report: the HTTP client answered the
 * interrupt by an exception, and the flag was gone.
 *
 * <pre>
 * worker                                              canceller
 * page 1: wait for a connection
 *                                                     interrupt the worker, once
 * Broken: an exception; the flag is gone
 * Broken: "failed", page 2: wait for a connection
 * Fixed:  an exception; the flag is set
 * Fixed:  InterruptedException, end
 * </pre>
 */
@Pitfall(id = "interrupt-lost-in-library",
        question = "What does the library make of an interrupt, and is \"interrupted\" asked before \"failed\"?",
        go = "taking context.Canceled, wrapped in a net error, for a failure of the network",
        embodiedBy = OkHttpFetcher.class)
class InterruptLostInLibraryTest {

    /**
     * OkHttp as it comes: it connects on other threads (fast fallback) and waits for them. If that wait is interrupted,
     * {@code execute()} throws an InterruptedException that it does not declare: the compiler refuses a catch clause
     * for it.
     */
    static final class Broken extends Sample {

        Broken(Network network) {
            super(overPlain(network).build());
        }

        @Override
        String visit(Request page) {
            try (Response response = client.newCall(page).execute()) {
                return "status " + response.code();
            } catch (Exception e) {
                return "failed";
            }
        }
    }

    /** Connects on the calling thread, where the flag stays; and whatever is thrown, asks for it first. */
    static final class Fixed extends Sample {

        Fixed(Network network) {
            super(overPlain(network).fastFallback(false).build());
        }

        @Override
        String visit(Request page) throws InterruptedException {
            try (Response response = client.newCall(page).execute()) {
                return "status " + response.code();
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("while fetching " + page.url());
                }
                return "failed";
            }
        }
    }

    abstract static class Sample {

        private static final List<String> PAGES = List.of("http://127.0.0.1/1", "http://127.0.0.1/2");

        final OkHttpClient client;
        final Queue<String> outcomes = new ConcurrentLinkedQueue<>();

        Sample(OkHttpClient client) {
            this.client = client;
        }

        abstract String visit(Request page) throws InterruptedException;

        void work() throws InterruptedException {
            for (String page : PAGES) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                outcomes.add(visit(new Request.Builder().url(page).build()));
            }
        }

        static OkHttpClient.Builder overPlain(Network network) {
            return new OkHttpClient.Builder().socketFactory(network).connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
        }
    }

    /** Sockets that neither connect nor fail, until a gate is opened: then they are refused. */
    static final class Network extends SocketFactory {

        final Gate refuses = new Gate();
        final AtomicInteger connects = new AtomicInteger();

        @Override
        public Socket createSocket() {
            return new Refused();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException();
        }

        private final class Refused extends Socket {

            /** An interrupt ends it as it ends the JDK's on a virtual thread: with the flag set. */
            @Override
            public void connect(SocketAddress address, int timeout) throws IOException {
                connects.incrementAndGet();
                try {
                    refuses.pass();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    SocketException closed = new SocketException("Closed by interrupt");
                    closed.initCause(e);
                    throw closed;
                }
                throw new ConnectException("refused");
            }
        }
    }

    private final Network network = new Network();

    private void schedule(Sample sample, Actors actors) {
        actors.start("worker", sample::work);
        actors.awaitUntil("page 1 connects", () -> network.connects.get() == 1);
        actors.awaitParked("worker", "execute");
        actors.interrupt("worker");
    }

    @Test
    void brokenWorkerCountsAFailureAndIsAtItsNextPage() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken(network);
            schedule(sample, actors);
            actors.awaitUntil("page 2 connects", () -> network.connects.get() == 2);
            actors.awaitParked("worker", "execute");
            assertThat(sample.outcomes).containsExactly("failed");
            assertThat(actors.thread("worker").isInterrupted()).isFalse();
            assertThat(actors.alive()).containsExactly("worker");
        } finally {
            network.refuses.open();
        }
    }

    @Test
    void fixedWorkerEndsAtTheFirstInterrupt() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed(network);
            schedule(sample, actors);
            actors.awaitEnd();
            assertThat(sample.outcomes).isEmpty();
            assertThat(network.connects).hasValue(1);
        }
    }
}
