package fanout.app.service.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sockets that send nothing, or a byte now and then, push out each other and no one else. */
class SlowSocketsTest {

    private static final String ME = "127.0.0.1";
    private static final String HALF_A_HEAD = "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    private static final String HALF_A_BODY = "POST /work HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";

    private final List<Socket> sockets = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private Duration answering = Duration.ofMinutes(1);
    private HttpService service;

    /** Starts a service with health, and with work that lasts until it is released and needs a token. */
    private void start(HttpService.Limits limits) throws IOException {
        Route.Handler work = request -> {
            request.body(Set.of(""), 100);
            working.incrementAndGet();
            release.await();
            return Reply.empty(204);
        };
        Route.Handler stuck = _ -> {
            working.incrementAndGet();
            while (release.getCount() > 0) {
                LockSupport.parkNanos(1_000_000); // an interrupt does not end it
            }
            return Reply.empty(204);
        };
        Route.Handler slow = request -> {
            try {
                for (long begin = System.nanoTime(); System.nanoTime() - begin < answering.toNanos();) {
                    request.checkWaiting();
                    working.incrementAndGet();
                }
                return Reply.empty(204);
            } catch (IOException e) {
                release.countDown();
                throw e;
            }
        };
        service = HttpService.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits,
                new Routes(List.of(Route.of(Door.HEALTH, "GET", "/health", _ -> Reply.empty(204)),
                        Route.of(Door.READ, "GET", "/known", _ -> Reply.empty(204)),
                        Route.of(Door.READ, "POST", "/work", work), Route.of(Door.READ, "POST", "/stuck", stuck),
                        Route.of(Door.READ, "GET", "/slow", slow))),
                (request, _) -> {
                    if (request.header("Authorization").isEmpty() && request.door().isTokenNeeded()
                            && request.method().equals("GET")) {
                        throw new RefusedException(401, "no token");
                    }
                }, _ -> answered.incrementAndGet());
    }

    @AfterEach
    void close() throws IOException {
        release.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        service.close();
    }

    private Socket open(String from, String sent) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral(ME), service.address().getPort()));
        socket.getOutputStream().write(sent.getBytes(ISO_8859_1));
        return socket;
    }

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: y\r\n\r\n";
    }

    private static int status(Socket socket) throws IOException {
        String line = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
        return line.isEmpty() ? 0 : Integer.parseInt(line.substring(9));
    }

    private int answer(String from, String sent) throws IOException {
        try (Socket socket = open(from, sent)) {
            return status(socket);
        }
    }

    /** Opens a connection that has shown a token, and is idle now. */
    private Socket known(String from) throws IOException {
        int before = answered.get();
        Socket socket = open(from, request("GET", "/known"));
        byte[] head = new byte[4_096];
        assertThat(new String(head, 0, socket.getInputStream().read(head), ISO_8859_1)).startsWith("HTTP/1.1 204")
                .endsWith("\r\n\r\n");
        await().pollDelay(Duration.ZERO).until(() -> answered.get() > before); // the service knows that it is idle
        return socket;
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(20_000);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }

    @Test
    void elevenHundredSlowSocketsKeepNoOneOut() throws Exception {
        start(HttpService.Limits.DEFAULT);
        Socket worker = open(ME, request("POST", "/work"));
        await().pollDelay(Duration.ZERO).until(() -> working.get() == 1);
        for (int i = 0; i < 1_100; i++) {
            open("127.0.0." + (2 + i % 5), i % 2 == 0 ? HALF_A_HEAD : "");
            if (i % 100 == 99) {
                assertThat(answer(ME, request("GET", "/health"))).isEqualTo(204);
                assertThat(answer("127.0.0.2", request("GET", "/health"))).as("of an address of theirs").isEqualTo(204);
                assertThat(answer("127.0.0.3", request("GET", "/known"))).isEqualTo(204);
            }
        }
        assertThat(service.connections()).isBetween(900, 1_000);
        assertThat(service.crowdedOut()).isGreaterThanOrEqualTo(100);
        release.countDown();
        assertThat(status(worker)).as("of a request that had arrived").isEqualTo(204);
    }

    @Test
    void anAddressMayKeepAQuarterWaiting() throws Exception {
        start(new HttpService.Limits(100, 25, Duration.ofSeconds(20)));
        Socket other = open("127.0.0.9", HALF_A_HEAD);
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            slow.add(open("127.0.0.2", i % 2 == 0 ? HALF_A_HEAD : HALF_A_BODY));
        }
        await().until(() -> service.crowdedOut() == 15 && service.connections() == 26);
        assertThat(slow.subList(0, 10)).as("the oldest").filteredOn(SlowSocketsTest::isClosed).hasSize(10);
        other.getOutputStream().write("x\r\n\r\n".getBytes(ISO_8859_1));
        assertThat(status(other)).as("of another address").isEqualTo(204);
    }

    @Test
    void theAddressWithTheMostGivesWay() throws Exception {
        start(new HttpService.Limits(20, 20, Duration.ofSeconds(20)));
        Socket first = open("127.0.0.3", HALF_A_HEAD);
        await().until(() -> service.connections() == 1);
        for (int i = 0; i < 19; i++) {
            open("127.0.0.2", HALF_A_HEAD);
        }
        await().until(() -> service.connections() == 20);
        for (int i = 0; i < 10; i++) {
            assertThat(answer("127.0.0.4", request("GET", "/health"))).isEqualTo(204);
        }
        first.getOutputStream().write("x\r\n\r\n".getBytes(ISO_8859_1));
        assertThat(status(first)).as("the oldest of all, but alone").isEqualTo(204);
    }

    @Test
    void whoHasShownATokenIsKeptBeforeWhoHasNot() throws Exception {
        start(new HttpService.Limits(10, 10, Duration.ofSeconds(20)));
        Socket idle = known(ME);
        for (int i = 0; i < 9; i++) {
            open(ME, HALF_A_HEAD);
        }
        await().until(() -> service.connections() == 10);
        await().pollDelay(Duration.ofMillis(1_100)).until(() -> true); // the grace of those that have come just now
        for (int i = 0; i < 5; i++) {
            assertThat(answer(ME, request("GET", "/health"))).isEqualTo(204);
        }
        idle.getOutputStream().write(request("GET", "/known").getBytes(ISO_8859_1));
        assertThat(status(idle)).isEqualTo(204);
    }

    @Test
    void aNewcomerIsNotClosedForOneThatIsIdle() throws Exception {
        start(new HttpService.Limits(10, 5, Duration.ofSeconds(20)));
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            idle.add(known(ME));
        }
        Socket newcomer = open(ME, HALF_A_HEAD);
        assertThat(isClosed(idle.getFirst())).isTrue();
        newcomer.getOutputStream().write("x\r\n\r\n".getBytes(ISO_8859_1));
        assertThat(status(newcomer)).isEqualTo(204);
    }

    @Test
    void aTenthIsKeptForWhatNeedsNoToken() throws Exception {
        start(new HttpService.Limits(10, 10, Duration.ofSeconds(20)));
        for (int i = 0; i < 9; i++) {
            open(ME, request("POST", "/work"));
        }
        await().until(() -> working.get() == 9);
        String last = request("GET", "/known").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        try (Socket refused = open(ME, last)) {
            String answer = new String(refused.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 503 ")
                    .contains("\r\nRetry-After: 1\r\n", "application/problem+json");
        }
        assertThat(answer(ME, request("GET", "/health"))).isEqualTo(204);
        release.countDown();
        await().until(() -> answer(ME, request("GET", "/known")) == 204);
    }

    @Test
    void aByteNowAndThenDoesNotRenewTheTime() throws Exception {
        start(new HttpService.Limits(10, 10, Duration.ofMillis(600)));
        Socket head = open(ME, HALF_A_HEAD);
        Socket body = open(ME, HALF_A_BODY);
        Socket silent = open(ME, "");
        long begun = System.nanoTime();
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            try {
                head.getOutputStream().write('x');
                return head.getInputStream().available() > 0;
            } catch (IOException e) {
                return true; // closed
            }
        });
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(status(head)).isEqualTo(408);
        assertThat(status(body)).isEqualTo(408);
        assertThat(isClosed(silent)).isTrue();
    }

    @Test
    void theServiceEndsInTimeWhateverItsHandlersDo() throws IOException {
        start(new HttpService.Limits(200, 100, Duration.ofSeconds(30)));
        for (int i = 0; i < 60; i++) {
            open(ME, request("POST", "/stuck"));
        }
        await().until(() -> working.get() == 60);
        long from = System.nanoTime();
        service.close();
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(4));
        assertThat(service.connections()).as("they did not leave").isEqualTo(60);
    }

    @Test
    void anAnswerThatNobodyWaitsForIsGivenUp() throws Exception {
        start(HttpService.Limits.DEFAULT);
        Socket asker = open(ME, request("GET", "/slow"));
        await().until(() -> working.get() > 0);

        asker.close();

        assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
        await().until(() -> service.connections() == 0);
    }

    /** Twice the patience is what a request has from its first byte to that of its answer, if it makes no progress. */
    @Test
    void anAnswerThatIsWaitedForMayTakeLonger() throws Exception {
        answering = Duration.ofMillis(500);
        start(new HttpService.Limits(100, 50, Duration.ofMillis(100)));

        assertThat(answer(ME, request("GET", "/slow"))).isEqualTo(204);
    }
}
