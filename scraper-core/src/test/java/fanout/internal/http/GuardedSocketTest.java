package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.task.Ticker;
import fanout.job.Network;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection lets through and tells, and what an idle one says when it is asked whether it is closed. */
@Timeout(30)
class GuardedSocketTest {

    private final AtomicLong now = new AtomicLong();

    private ServerSocket server;
    private Socket socket;
    private Socket accepted;

    private static SocketFactory factory(AddressPolicy policy, Ticker ticker) {
        return GuardedSocket.factory(policy, ticker, () -> new ConnectionFilter() {});
    }

    private void connect(Ticker ticker) throws IOException {
        socket = factory(new AddressPolicy(new Network(true, List.of())), ticker).createSocket();
        socket.connect(server.getLocalSocketAddress(), 10_000);
        accepted = server.accept();
        ((SocketObserver.Connecting) socket).carriesOneRequestAtATime();
    }

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        accepted.close();
        socket.close();
        server.close();
    }

    /** Each look at the clock finds it so much later. */
    private Ticker clock(Duration step) {
        return new Ticker() {
            @Override
            public long nanos() {
                return now.addAndGet(step.toNanos());
            }

            @Override
            public Instant now() {
                return Instant.EPOCH;
            }

            @Override
            public long await(Condition condition, long nanos) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void anOpenConnectionThatWasIdleIsNotClosed() throws IOException {
        connect(clock(Duration.ofMillis(101)));

        assertThat(socket.isClosed()).isFalse();
    }

    @Test
    void theServersCloseIsSeenOnlyWhenTheConnectionWasIdle() throws IOException {
        connect(clock(Duration.ofMillis(50)));
        accepted.close();

        assertThat(socket.isClosed()).as("50 ms after the connect").isFalse();
        assertThat(socket.isClosed()).as("100 ms").isFalse();
        assertThat(socket.isClosed()).as("150 ms").isTrue();
    }

    /** On a busy machine each step of a look may take longer than the time after which the next look is due. */
    @Test
    void aLookThatTakesLongIsOneLook() throws IOException {
        connect(clock(Duration.ofSeconds(1)));
        long before = now.get();

        assertThat(socket.isClosed()).isFalse();
        assertThat(now.get() - before).as("one look at the clock before, and one after").isEqualTo(2_000_000_000L);
        assertThat(socket.getSoTimeout()).as("as it was").isZero();
    }

    @Test
    void aByteThatNoRequestAskedForMakesAConnectionUseless() throws IOException {
        connect(clock(Duration.ofSeconds(1)));
        accepted.getOutputStream().write('x');

        assertThat(socket.isClosed()).isTrue();
    }

    /** What an observer was told, in its order. */
    private static final class Told implements SocketObserver {

        final List<String> events = new ArrayList<>();

        @Override
        public void connects(SocketObserver.Connecting socket) {
            events.add("connects");
        }

        @Override
        public void wrote() {
            events.add("wrote");
        }

        @Override
        public void read(int count) {
            events.add(count < 0 ? "end" : "read " + count);
        }
    }

    @Test
    void theThreadsObserverIsToldWhatTheSocketDoes() throws IOException {
        Told told = new Told();
        String answer = GuardedSocket.observedBy(told, () -> {
            connect(clock(Duration.ZERO));
            accepted.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
            accepted.shutdownOutput();
            socket.getOutputStream().write("de".getBytes(StandardCharsets.US_ASCII), 0, 2);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        });

        assertThat(answer).isEqualTo("abc");
        assertThat(new String(accepted.getInputStream().readNBytes(2), StandardCharsets.US_ASCII)).isEqualTo("de");
        assertThat(told.events).containsExactly("connects", "wrote", "read 3", "end");
    }

    @Test
    void whatIsReadWithoutAnObserverIsReadAllTheSame() throws IOException {
        connect(clock(Duration.ZERO));
        accepted.getOutputStream().write('x');
        byte[] bytes = new byte[3];

        assertThat(socket.getInputStream().read(bytes, 1, 2)).isEqualTo(1);
        assertThat(bytes).containsExactly(0, 'x', 0);
    }

    /** A request that goes out in two writes would wait for the server's acknowledgement of the first. */
    @Test
    void bytesGoOutAtOnce() throws IOException {
        connect(clock(Duration.ZERO));

        assertThat(socket.getTcpNoDelay()).isTrue();
    }

    @Test
    void aConnectionThatWasResetIsClosed() throws IOException {
        connect(clock(Duration.ofSeconds(1)));
        accepted.setSoLinger(true, 0);
        accepted.close();

        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.isClosed()).as("asked again").isTrue();
    }

    @Test
    void onlyAllowedAddressesAreConnectedTo() throws IOException {
        connect(clock(Duration.ZERO));
        SocketFactory guarded = factory(new AddressPolicy(Network.DEFAULT), clock(Duration.ZERO));
        try (Socket refused = guarded.createSocket()) {
            assertThatThrownBy(() -> refused.connect(server.getLocalSocketAddress(), 10_000))
                    .isInstanceOf(AddressRefused.class)
                    .hasMessage("127.0.0.1 is not an address that the job allows");
            assertThatThrownBy(() -> refused.connect(InetSocketAddress.createUnresolved("example.org", 80), 10_000))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageStartingWith("not a resolved address: example.org");
        }
        assertThat(new AddressRefused("example.org", InetAddress.getLoopbackAddress()))
                .hasMessage("example.org has the address 127.0.0.1, which the job does not allow");
        assertThat(new AddressRefused("::1", InetAddress.ofLiteral("::1")))
                .hasMessage("::1 is not an address that the job allows");
    }

    @Test
    void aFactoryMakesSocketsThatAreNotConnected() throws IOException {
        connect(clock(Duration.ZERO));
        SocketFactory factory = factory(new AddressPolicy(Network.DEFAULT), clock(Duration.ZERO));
        InetAddress address = InetAddress.getLoopbackAddress();

        assertThatThrownBy(() -> factory.createSocket("example.org", 80))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> factory.createSocket("example.org", 80, address, 0))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> factory.createSocket(address, 80)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> factory.createSocket(address, 80, address, 0))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    /** What is sent under TLS only looks like a head by chance. */
    @Test
    void filterOfASocketEndsWhereTlsBegins() throws Exception {
        connect(clock(Duration.ZERO)); // the one of the other tests, which is closed behind each
        List<String> events = new ArrayList<>();
        Supplier<ConnectionFilter> filters = () -> new ConnectionFilter() {
            @Override
            public InputStream received(InputStream in) {
                events.add("received");
                return in;
            }

            @Override
            public OutputStream sent(OutputStream out) {
                events.add("sent");
                return out;
            }

            @Override
            public void end() {
                events.add("end");
            }
        };
        AddressPolicy policy = new AddressPolicy(new Network(true, List.of()));
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket plain = GuardedSocket.factory(policy, clock(Duration.ZERO), filters).createSocket()) {
            plain.connect(listener.getLocalSocketAddress());
            assertThat(plain.getInputStream()).isSameAs(plain.getInputStream());
            assertThat(plain.getOutputStream()).isSameAs(plain.getOutputStream());
            assertThat(events).containsExactly("received", "sent");
            FilteredTls tls = new FilteredTls((SSLSocketFactory) SSLSocketFactory.getDefault(), filters);
            try (Socket secured = tls.createSocket(plain, "127.0.0.1", listener.getLocalPort(), true)) {
                assertThat(secured.getInputStream()).isSameAs(secured.getInputStream());
                assertThat(secured.getPort()).isEqualTo(listener.getLocalPort());
            }
        }
        assertThat(events).containsExactly("received", "sent", "end", "received");
    }
}
