package fanout.socket;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Network;
import fanout.task.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an idle connection says when it is asked whether it is closed. */
@Timeout(30)
class GuardedSocketTest {

    private final AtomicLong now = new AtomicLong();

    private ServerSocket server;
    private Socket socket;
    private Socket accepted;

    private void connect(Ticker ticker) throws IOException {
        socket = new GuardedSocketFactory(new AddressPolicy(new Network(true, List.of())), ticker).createSocket();
        socket.connect(server.getLocalSocketAddress(), 10_000);
        accepted = server.accept();
        ((ConnectingSocket) socket).carriesOneRequestAtATime();
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
}
