package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Fetch;
import fanout.outcome.Failure;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ResponseFramingTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static String page(String text) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nabc", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nab", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13\r\n\r\nno",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 000 No\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"})
    void aHeadThatMeansNothingOrSeveralThingsIsAProtocolFailure(String response) throws Exception {
        try (RawServer server = RawServer.answering(response); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOf(Failure.Protocol.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2\r\nContent-Length: 2", "Content-Length: 2, 2", "Content-Length:  2 ",
        "Content-Length: 00000000000000000000000002"})
    void aLengthThatIsRepeatedIsOne(String headers) throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\n" + headers + "\r\n\r\nok");
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).body()).hasSize(2);
        }
    }

    @Test
    void aRepeatedLengthEndsABodyWhoseConnectionStaysOpen() throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok");
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/1")).body()).hasSize(2);
            assertThat(fetching.response(server.url("/2")).body()).hasSize(2);
        }
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nok");
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOf(Failure.Protocol.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n3\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n", "1;x=y\r\na0\r\n0\r\n\r\n", "1\r\na\rb\n0\r\n\r\n"})
    void aChunkThatIsLongerThanItsSizeIsAProtocolFailure(String body) throws Exception {
        try (RawServer server = RawServer.answering(CHUNKED + body); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOfSatisfying(Failure.Protocol.class,
                    failure -> assertThat(failure.detail()).contains("longer than its size"));
        }
    }

    @Test
    void chunksOfAnySizeAreOneBody() throws Exception {
        for (int size : new int[]{1, 8_191, 8_192, 8_193, 100_000}) {
            String chunk = Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n";
            try (RawServer server = RawServer.serving((socket, in) -> {
                while (RawServer.readHead(in)) {
                    RawServer.send(socket, CHUNKED + chunk.repeat(3) + "0\r\nX-Trailer: x\r\n\r\n");
                }
            });
                    Fetching fetching = Fetching.plain()) {
                assertThat(fetching.response(server.url("/1")).body()).hasSize(3 * size);
                assertThat(fetching.response(server.url("/2")).body()).hasSize(3 * size);
                assertThat(server.accepted).as("the connection is used again").hasValue(1);
            }
        }
    }

    /**
     * OkHttp keeps all of a chunk's size until its end: endless ones filled the memory and held the worker for good.
     */
    @ParameterizedTest
    @ValueSource(strings = {"0", "5;extension=", "2\r\nok\r\n0\r\nX-Trailer: of some length\r\nX: "})
    void framingWithoutEndIsAProtocolFailure(String framing) throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            RawServer.readHead(in);
            RawServer.send(socket, CHUNKED + framing);
            while (true) {
                RawServer.send(socket, "0".repeat(8_192));
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOfSatisfying(Failure.Protocol.class,
                    failure -> assertThat(failure.detail()).contains("128 KiB between two pieces"));
        }
    }

    @Test
    void framingIsBoundedOfABodyThatNobodyWants() throws Exception {
        String error = CHUNKED.replace("200 OK", "500 No") + "5;x=" + "0".repeat(200_000) + "\r\nhello\r\n0\r\n\r\n";
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, error);
            }
        });
                Fetching fetching = Fetching.plain()) {
            fetching.response(server.url("/1"));
            fetching.response(server.url("/2"));
            assertThat(server.accepted).as("a connection like that is given up").hasValue(2);
        }
    }

    @Test
    void smallChunksOfALongBodyAreNotTooMuchFraming() throws Exception {
        String body = "5;x=y\r\nhello\r\n".repeat(50_000) + "0\r\n\r\n";
        try (RawServer server = RawServer.answering(CHUNKED + body); Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).body()).hasSize(250_000);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.0 200 OK                                  | 2
            HTTP/1.0 200 OK\\r\\nConnection: keep-alive, close | 2
            HTTP/1.0 200 OK\\r\\nConnection: Keep-Alive        | 1
            HTTP/1.1 200 OK\\r\\nConnection: upgrade, Close    | 2
            HTTP/1.1 200 OK                                  | 1
            """)
    void aConnectionThatItsServerEndsTakesNoRequest(String head, int connections) throws Exception {
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, head.translateEscapes() + "\r\nContent-Length: 2\r\n\r\nok");
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/1")).body()).hasSize(2);
            assertThat(fetching.response(server.url("/2")).body()).hasSize(2);
            assertThat(server.accepted).hasValue(connections);
        }
    }

    @Test
    void anAnswerThatNobodyAskedForAnswersNothing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, page("answer " + asked.incrementAndGet()) + page("planted"));
            }
        });
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/1")).body()).asString().isEqualTo("answer 1");
            assertThat(fetching.failure(server.url("/2"))).as("repeated by the caller, over another connection")
                    .isInstanceOf(Failure.StaleConnection.class);
            assertThat(fetching.response(server.url("/2")).body()).asString().isEqualTo("answer 2");
            assertThat(server.accepted).hasValue(2);
        }
    }

    /** Sent on its own, it lies in the socket and not in OkHttp's buffer. */
    @Test
    void anAnswerThatComesBetweenTwoRequestsAnswersNothing() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch planted = new CountDownLatch(1);
        try (RawServer server = RawServer.serving((socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, page("asked for"));
                answered.await();
                RawServer.send(socket, page("planted"));
                planted.countDown();
            }
        });
                Fetching fetching = Fetching.plain()) {
            fetching.response(server.url("/1"));
            answered.countDown();
            planted.await();
            switch (fetching.get(server.url("/2"))) {
                case Fetch.Response late -> assertThat(late.body()).asString().isEqualTo("asked for");
                case Fetch.NoResponse none -> assertThat(none.failure()).isInstanceOf(Failure.StaleConnection.class);
            }
        }
    }

    @Test
    void ofLongValuesInTheHeadNothingIsKept() throws Exception {
        String longValue = "x".repeat(50_000);
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: " + longValue
                + "\r\nLast-Modified: " + longValue + "\r\nContent-Type: " + longValue + "\r\n\r\n");
                Fetching fetching = Fetching.plain()) {
            assertThat(fetching.response(server.url("/")).head()).satisfies(head -> {
                assertThat(head.etag()).isEmpty();
                assertThat(head.lastModified()).isEmpty();
                assertThat(head.contentType()).isEmpty();
            });
        }
    }
}
