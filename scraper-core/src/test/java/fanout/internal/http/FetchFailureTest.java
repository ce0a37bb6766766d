package fanout.internal.http;

import static fanout.internal.http.Fetching.failure;
import static fanout.internal.http.RawServer.readHead;
import static fanout.internal.http.RawServer.send;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchFailureTest {

    @Test
    void refusedConnectionIsAConnectionFailure() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = closed.getLocalPort();
        }
        try (Fetching fetching = Fetching.plain()) {
            Fetch fetch = fetching.get("http://127.0.0.1:" + port + "/");
            assertThat(Fetching.failure(fetch)).isInstanceOfSatisfying(Failure.Connection.class,
                    refused -> assertThat(refused.detail()).contains("127.0.0.1").contains("refused"));
            assertThat(fetch.attempt().sent()).as("nothing was written").isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n\u001F\u008B\b"})
    void responseThatEndsEarlyIsAConnectionFailure(String response) throws Exception {
        try (RawServer server = RawServer.answering(response); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/")))
                    .isEqualTo(new Failure.Connection("closed before the response was complete"));
        }
    }

    @Test
    void resetIsAConnectionFailure() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            socket.setSoLinger(true, 0);
        });
                Fetching fetching = Fetching.plain()) {
            Fetch fetch = fetching.get(server.url("/"));
            assertThat(Fetching.failure(fetch)).isInstanceOf(Failure.Connection.class);
            assertThat(fetch.attempt().sent()).as("the server has read it").isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "ICY\u001B[31m 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\nnot gzipped!",
        "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: 12\r\n\r\n\u00FFot deflated"})
    void whatIsNotHttpIsAProtocolFailure(String response) throws Exception {
        try (RawServer server = RawServer.answering(response); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOf(Failure.Protocol.class)
                    .satisfies(failure -> assertThat(failure.detail()).doesNotContainPattern("\\p{Cntrl}"));
        }
    }

    @Test
    void headersWithoutEndAreAProtocolFailure() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            send(socket, "HTTP/1.1 200 OK\r\n");
            while (true) {
                send(socket, "X-More: " + "x".repeat(1000) + "\r\n");
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOf(Failure.Protocol.class)
                    .satisfies(failure -> assertThat(failure.detail()).contains("256 KiB"));
        }
    }

    @Test
    void unknownNameIsADnsFailure() throws Exception {
        SystemResolver resolver = new SystemResolver(host -> {
            throw new UnknownHostException(host + ": Name or service not known");
        }, 2, Ticker.system());
        try (Fetching fetching = Fetching.of(job -> job, new OkHttpClient(), resolver)) {
            assertThat(fetching.failure("http://nowhere.example/")).isInstanceOfSatisfying(Failure.Dns.class,
                    dns -> assertThat(dns.detail())
                            .isEqualTo("no address found for nowhere.example: Name or service not known"));
        }
    }

    @Test
    void secondAddressIsTriedWhenTheFirstRefuses() throws Exception {
        SystemResolver resolver = new SystemResolver(host -> new InetAddress[]{InetAddress.ofLiteral("127.0.0.9"),
            InetAddress.ofLiteral("127.0.0.1")}, 2, Ticker.system());
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                Fetching fetching = Fetching.of(job -> job, new OkHttpClient(), resolver)) {
            Fetch.Response response = fetching.response("http://two.example:" + server.port() + "/");

            assertThat(response.attempt().ip()).contains("127.0.0.1");
        }
    }

    @Test
    void untrustedCertificateIsATlsFailure() throws Exception {
        HeldCertificate selfSigned = new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
        try (MockWebServer server = new MockWebServer(); Fetching fetching = Fetching.plain()) {
            server.useHttps(new HandshakeCertificates.Builder().heldCertificate(selfSigned)
                    .build()
                    .sslSocketFactory());
            server.start();

            assertThat(fetching.failure("https://127.0.0.1:" + server.getPort() + "/")).isInstanceOf(Failure.Tls.class);
        }
    }

    @Test
    void certificateForAnotherHostIsATlsFailure() throws Exception {
        HeldCertificate other = new HeldCertificate.Builder().addSubjectAlternativeName("other.example").build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder().addTrustedCertificate(other.certificate())
                .build();
        OkHttpClient base = new OkHttpClient.Builder().sslSocketFactory(trusting.sslSocketFactory(),
                trusting.trustManager()).build();
        try (MockWebServer server = new MockWebServer();
                Fetching fetching = Fetching.of(job -> job, base, new SystemResolver(Ticker.system()))) {
            server.useHttps(new HandshakeCertificates.Builder().heldCertificate(other).build().sslSocketFactory());
            server.start();

            assertThat(fetching.failure("https://127.0.0.1:" + server.getPort() + "/")).isInstanceOf(Failure.Tls.class);
        }
    }

    @Test
    void plainTextWhereTlsIsExpectedIsATlsFailure() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            send(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
            RawServer.untilClosed(in);
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/").replace("http:", "https:"))).isInstanceOf(Failure.Tls.class);
        }
    }

    @Test
    void serverThatLeavesDuringTheHandshakeIsAConnectionFailure() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> in.read()); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/").replace("http:", "https:")))
                    .isInstanceOf(Failure.Connection.class);
        }
    }

    /** Broken while the body is awaited: sooner, the fetch may find the connection closed before it learns why. */
    @Test
    void brokenHttp2IsAProtocolFailure() throws Exception {
        OkHttpClient base = new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
        CountDownLatch awaitsBody = new CountDownLatch(1);
        try (RawServer server = RawServer.serving((socket, in) -> {
            DataInputStream frames = new DataInputStream(in);
            frames.skipNBytes(24); // The preface.
            send(socket, "\0\0\0\4\0\0\0\0\0"); // SETTINGS
            String streamOfRequest = streamOfHeaders(frames);
            send(socket, "\0\0\1\1\4" + streamOfRequest + "\u0088"); // HEADERS: 200
            if (awaitsBody.await(10, TimeUnit.SECONDS)) {
                send(socket, "\0\0\1\4\0\0\0\0\0x"); // SETTINGS of one byte.
            }
            RawServer.untilClosed(in);
        });
                Fetching fetching = Fetching.of(job -> job, base, new SystemResolver(Ticker.system()))) {
            Fetch fetch = fetching.get(Fetching.whole(server.url("/")), new FetchListener() {

                @Override
                public void entered(Stage stage, Deadline until) {
                    if (stage == Stage.BODY) {
                        awaitsBody.countDown();
                    }
                }

                @Override
                public void requestWritten(long nanos) {}
            });

            assertThat(failure(fetch)).isInstanceOf(Failure.Protocol.class);
            assertThat(awaitsBody.getCount()).isZero();
        }
    }

    /** Reads HTTP/2 frames up to the first HEADERS; returns its stream, as four characters. */
    private static String streamOfHeaders(DataInputStream frames) throws IOException {
        int headers = 1;
        while (true) {
            int lengthAndType = frames.readInt();
            frames.skipNBytes(1);
            byte[] stream = frames.readNBytes(4);
            frames.skipNBytes(lengthAndType >>> 8);
            if ((lengthAndType & 0xFF) == headers) {
                return new String(stream, StandardCharsets.ISO_8859_1);
            }
        }
    }

    @Test
    void dripOfBytesDoesNotOutlastTheDeadlineAndKeepsTheHead() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            while (true) {
                send(socket, "x");
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        });
                Fetching fetching = Fetching.plain()) {
            Duration limit = Duration.ofMillis(400);
            Fetch fetch = fetching.get(Fetching.whole(server.url("/")), new Fetching.Log(), limit);

            assertThat(failure(fetch)).isEqualTo(new Failure.TimedOut(Stage.BODY, limit));
            assertThat(fetch.attempt().head()).hasValueSatisfying(head -> assertThat(head.status()).isEqualTo(200));
            assertThat(fetch.attempt().latency()).isPresent();
            assertThat(fetch.attempt().duration()).isBetween(limit, limit.plusMillis(250));
        }
    }

    @Test
    void passedDeadlineSendsNothing() throws Exception {
        try (RawServer server = RawServer.answering(""); Fetching fetching = Fetching.plain()) {
            Fetch fetch = fetching.get(Fetching.whole(server.url("/")), new Fetching.Log(), Duration.ofNanos(1));

            assertThat(failure(fetch)).isInstanceOf(Failure.TimedOut.class);
            assertThat(server.accepted).hasValue(0);
        }
    }

    @Test
    void interruptBeforeTheFetchSendsNothingAndTakesTheFlag() throws Exception {
        try (MockWebServer server = new MockWebServer(); Fetching fetching = Fetching.plain()) {
            server.start();
            server.enqueue(new MockResponse.Builder().build());
            Thread.currentThread().interrupt();
            boolean interrupted = false;
            try {
                fetching.get("http://127.0.0.1:" + server.getPort() + "/");
            } catch (InterruptedException e) {
                interrupted = true;
            }
            assertThat(interrupted).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(server.getRequestCount()).isZero();
        }
    }
}
