package fanout.internal.http;

import static fanout.internal.http.RawHttp2Server.CONTINUATION;
import static fanout.internal.http.RawHttp2Server.DATA;
import static fanout.internal.http.RawHttp2Server.END_HEADERS;
import static fanout.internal.http.RawHttp2Server.END_STREAM;
import static fanout.internal.http.RawHttp2Server.HEADERS;
import static fanout.internal.http.RawHttp2Server.PADDED;
import static fanout.internal.http.RawHttp2Server.PRIORITY;
import static fanout.internal.http.RawHttp2Server.STATUS_200;
import static fanout.internal.http.RawHttp2Server.fields;
import static fanout.internal.http.RawHttp2Server.send;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.TestRuntime;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.limit.MemoryBudget;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.report.CrawlReport;
import fanout.url.CanonicalUrl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of HTTP/2 that are not as RFC 9113 has them, frame by frame. */
@Timeout(60)
class Http2AnswersTest {

    private static final HeldCertificate CERTIFICATE =
            new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    private static final HandshakeCertificates SERVER =
            new HandshakeCertificates.Builder().heldCertificate(CERTIFICATE).build();
    private static final HandshakeCertificates CLIENT =
            new HandshakeCertificates.Builder().addTrustedCertificate(CERTIFICATE.certificate()).build();

    /** OkHttp leaves out 1, which is an upgraded connection's. */
    private static final int FIRST = 3;
    private static final String TEXT = "<title>whole</title>";

    private static Fetching inTheClear() {
        return Fetching.on(new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build(),
                Ticker.system());
    }

    private static Fetching secured() {
        return Fetching.on(new OkHttpClient.Builder()
                .sslSocketFactory(CLIENT.sslSocketFactory(), CLIENT.trustManager())
                .build(), Ticker.system());
    }

    /** Answers the first request so, and the others well. */
    private static RawHttp2Server first(RawHttp2Server.Answer answer) {
        return new RawHttp2Server(firstOrWell(answer));
    }

    private static RawHttp2Server.Answer firstOrWell(RawHttp2Server.Answer answer) {
        return (stream, out) -> {
            if (stream == FIRST) {
                answer.to(stream, out);
            } else {
                send(out, HEADERS, END_HEADERS, stream, fields(":status", "200", "content-length", "20"));
                send(out, DATA, END_STREAM, stream, TEXT.getBytes(UTF_8));
            }
        };
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * Sends a head, so much of a body, and an end.
     *
     * @param end {@code head}: in the head, without DATA; {@code data}: with it; {@code empty}: behind it; {@code
     *        trailers}
     */
    private static RawHttp2Server.Answer body(byte[] head, byte[] body, String end) {
        return (stream, out) -> {
            send(out, HEADERS, END_HEADERS | (end.equals("head") ? END_STREAM : 0), stream, head);
            if (!end.equals("head")) {
                send(out, DATA, end.equals("data") ? END_STREAM : 0, stream, body);
            }
            if (end.equals("empty")) {
                send(out, DATA, END_STREAM, stream, new byte[0]);
            } else if (end.equals("trailers")) {
                send(out, HEADERS, END_HEADERS | END_STREAM, stream, fields("x-trailer", "x"));
            }
        };
    }

    private static byte[] page(int length, String... more) {
        return joined(fields(":status", "200", "content-length", String.valueOf(length)), fields(more));
    }

    private static Stream<Arguments> bodiesOfAnotherLength() {
        byte[] text = TEXT.getBytes(UTF_8);
        byte[] gzip = gzip(TEXT);
        return Stream.of("data", "empty", "trailers")
                .flatMap(end -> Stream.of(
                        Arguments.of(end + ", one byte less", page(21), text, end),
                        Arguments.of(end + ", half of it", page(40), text, end),
                        Arguments.of(end + ", one byte more", page(19), text, end),
                        Arguments.of(end + ", none where some were announced", page(20), new byte[0], end),
                        Arguments.of(end + ", some where none were announced", page(0), text, end),
                        Arguments.of(end + ", twice in one field",
                                joined(STATUS_200, fields("content-length", "30, 30")), text,
                                end),
                        Arguments.of(end + ", gzip that is whole", page(gzip.length + 1, "content-encoding", "gzip"),
                                gzip,
                                end),
                        Arguments.of(end + ", gzip that is cut", page(gzip.length, "content-encoding", "gzip"),
                                Arrays.copyOf(gzip, gzip.length - 1), end),
                        Arguments.of(end + ", gzip of no byte", page(gzip.length, "content-encoding", "gzip"),
                                new byte[0],
                                end),
                        Arguments.of(end + ", an unknown coding", page(21, "content-encoding", "none"), text, end)));
    }

    /** RFC 9113, section 8.1.1: malformed, and so no page. Over HTTP/1.1 the connection would have closed early. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("bodiesOfAnotherLength")
    void bodyOfAnotherLengthThanAnnouncedIsNoPage(String what, byte[] head, byte[] body, String end) throws Exception {
        try (RawHttp2Server server = first(body(head, body, end)); Fetching fetching = inTheClear()) {
            assertThat(fetching.failure(server.url("/"))).as(what).isInstanceOf(Failure.Protocol.class);
            assertThat(fetching.response(server.url("/next")).body()).asString().isEqualTo(TEXT);
            assertThat(server.accepted()).as("the connection is used again").isEqualTo(1);
        }
    }

    @Test
    void bodyThatEndsWithItsHeadIsNoPageEither() throws Exception {
        try (RawHttp2Server server = first(body(page(20), new byte[0], "head")); Fetching fetching = inTheClear()) {
            assertThat(fetching.failure(server.url("/"))).isEqualTo(
                    new Failure.Protocol("Content-Length is 20, but the body has 0 bytes"));
        }
    }

    private static Stream<Arguments> wholeBodies() {
        byte[] text = TEXT.getBytes(UTF_8);
        return Stream.of("data", "empty", "trailers")
                .flatMap(end -> Stream.of(
                        Arguments.of(end + ", of its length", page(20), text, end, TEXT),
                        Arguments.of(end + ", without a length", STATUS_200, text, end, TEXT),
                        Arguments.of(end + ", its length twice", page(20, "content-length", "20"), text, end, TEXT),
                        Arguments.of(end + ", nothing", page(0), new byte[0], end, ""),
                        Arguments.of(end + ", 204 with a length", fields(":status", "204", "content-length", "20"),
                                new byte[0],
                                end, ""),
                        Arguments.of(end + ", 304 with a length", fields(":status", "304", "content-length", "20"),
                                new byte[0],
                                end, ""),
                        Arguments.of(end + ", 404 of another length", fields(":status", "404", "content-length", "9"),
                                new byte[0], end, "")));
    }

    /** RFC 9113, section 8.1.1, allows a length where a response has no body. What is not read is not counted. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("wholeBodies")
    void bodyOfItsLengthIsAPage(String what, byte[] head, byte[] body, String end, String text) throws Exception {
        try (RawHttp2Server server = first(body(head, body, end)); Fetching fetching = inTheClear()) {
            assertThat(fetching.response(server.url("/")).body()).as(what).asString().isEqualTo(text);
        }
    }

    @Test
    void partOfABodyIsEnoughWhereNoMoreIsWanted() throws Exception {
        try (RawHttp2Server server = first(body(page(1_000), TEXT.getBytes(UTF_8), "data"));
                Fetching fetching = inTheClear()) {
            Fetch cut = fetching.get(Fetching.request(server.url("/"), 10, Overflow.TRUNCATE), new Fetching.Log());
            assertThat(Fetching.assertResponse(cut).body()).hasSize(10);
        }
    }

    private static Stream<Arguments> malformedHeads() {
        return Stream.of(
                Arguments.of("a line break", fields(":status", "200", "x", "a\r\nset-cookie: a=b")),
                Arguments.of("a line break", fields(":status", "200", "x", "a\nb")),
                Arguments.of("a line break", fields(":status", "200", "x", "a\r")),
                Arguments.of("NUL", fields(":status", "200", "x", "a\0b")),
                Arguments.of("2 :status", fields(":status", "200", ":status", "404")),
                Arguments.of("2 :status", joined(STATUS_200, STATUS_200)),
                Arguments.of("behind others", fields("x", "a", ":status", "200")),
                Arguments.of("behind others", fields(":status", "200", "x", "a", ":status", "200")),
                Arguments.of("behind others", fields(":status", "200", "x", "a", ":path", "/")),
                Arguments.of("no response's", fields(":status", "200", ":path", "/")),
                Arguments.of("no response's", fields(":status", "200", ":malformed", "not")),
                Arguments.of("no response's", fields(":status", "200", ":location", "/there")),
                Arguments.of("field name", fields(":status", "200", "a b", "c")),
                Arguments.of("field name", fields(":status", "200", "a:b", "c")),
                Arguments.of("field name", fields(":status", "200", "", "c")),
                Arguments.of("field name", fields(":status", "200", "\u00e9", "c")));
    }

    /** RFC 9113, sections 8.1.1 to 8.3. Only the stream is given up. */
    @ParameterizedTest(name = "{0}, {index}")
    @MethodSource("malformedHeads")
    void malformedHeadIsAProtocolFailure(String detail, byte[] head) throws Exception {
        for (String end : List.of("head", "data")) {
            try (RawHttp2Server server = first(body(head, TEXT.getBytes(UTF_8), end));
                    Fetching fetching = inTheClear()) {
                assertThat(fetching.failure(server.url("/"))).isInstanceOfSatisfying(Failure.Protocol.class,
                        failure -> assertThat(failure.detail()).startsWith("malformed HTTP/2 head: ").contains(detail));
                assertThat(fetching.response(server.url("/next")).body()).asString().isEqualTo(TEXT);
                assertThat(server.accepted()).as("the connection is used again").isEqualTo(1);
            }
        }
    }

    private static Stream<Arguments> malformedBlocks() {
        byte[] text = TEXT.getBytes(UTF_8);
        return Stream.of(
                Arguments.of("trailers with a status", (RawHttp2Server.Answer) (stream, out) -> {
                    send(out, HEADERS, END_HEADERS, stream, page(20));
                    send(out, DATA, 0, stream, text);
                    send(out, HEADERS, END_HEADERS | END_STREAM, stream, fields(":status", "200"));
                }),
                Arguments.of("trailers with a line break", (RawHttp2Server.Answer) (stream, out) -> {
                    send(out, HEADERS, END_HEADERS, stream, page(20));
                    send(out, DATA, 0, stream, text);
                    send(out, HEADERS, END_STREAM, stream, fields("x-trailer", "a\nb"));
                    send(out, CONTINUATION, END_HEADERS, stream, fields("x-other", "a"));
                }),
                Arguments.of("an interim response with two statuses", (RawHttp2Server.Answer) (stream, out) -> {
                    send(out, HEADERS, END_HEADERS, stream, fields(":status", "103", ":status", "103"));
                    send(out, HEADERS, END_HEADERS, stream, page(20));
                    send(out, DATA, END_STREAM, stream, text);
                }),
                Arguments.of("no status", (RawHttp2Server.Answer) (stream, out) -> {
                    send(out, HEADERS, END_HEADERS, stream, fields("content-length", "20"));
                    send(out, DATA, END_STREAM, stream, text);
                }));
    }

    private static Stream<Arguments> endsOfConnections() {
        byte[] text = TEXT.getBytes(UTF_8);
        return Stream.of(
                Arguments.of("a name in capitals", (RawHttp2Server.Answer) (stream, out) -> {
                    send(out, HEADERS, END_HEADERS, stream, fields(":status", "200", "Content-Length", "20"));
                    send(out, DATA, END_STREAM, stream, text);
                }),
                Arguments.of("a head without end", (RawHttp2Server.Answer) (stream, out) -> {
                    send(out, HEADERS, 0, stream, STATUS_200);
                    byte[] more = fields("x", "y".repeat(8_000));
                    for (int i = 0; i < 10_000; i++) {
                        send(out, CONTINUATION, 0, stream, more);
                    }
                }),
                Arguments.of("a head of a megabyte, by its table", (RawHttp2Server.Answer) (stream, out) -> {
                    byte[] known = fields("x", "y".repeat(3_000));
                    known[0] = 0x40; // from now on entry 62 of the table
                    byte[] again = new byte[300];
                    Arrays.fill(again, (byte) (0x80 | 62));
                    send(out, HEADERS, END_HEADERS, stream, joined(STATUS_200, known, again));
                }),
                Arguments.of("more padding than frame",
                        (RawHttp2Server.Answer) (stream, out) -> send(out, HEADERS, END_HEADERS | PADDED, stream,
                                joined(new byte[]{9}, STATUS_200))),
                Arguments.of("DATA within a head", (RawHttp2Server.Answer) (stream, out) -> {
                    send(out, HEADERS, 0, stream, STATUS_200);
                    send(out, DATA, 0, stream, text);
                    send(out, CONTINUATION, END_HEADERS, stream, fields("content-length", "20"));
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedBlocks")
    void otherViolationsAreProtocolFailuresToo(String what, RawHttp2Server.Answer answer) throws Exception {
        try (RawHttp2Server server = first(answer); Fetching fetching = inTheClear()) {
            assertThat(fetching.failure(server.url("/"))).as(what).isInstanceOf(Failure.Protocol.class);
            fetching.assertNothingIsLeft();
        }
    }

    /** A connection may end before OkHttp has flushed the request that it has answered already. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("endsOfConnections")
    void violationsByTheConnectionEndIt(String what, RawHttp2Server.Answer answer) throws Exception {
        try (RawHttp2Server server = first(answer); Fetching fetching = inTheClear()) {
            assertThat(fetching.failure(server.url("/"))).as(what)
                    .satisfiesAnyOf(
                            failure -> assertThat(failure).isInstanceOf(Failure.Protocol.class),
                            failure -> assertThat(failure).isEqualTo(new Failure.Connection("closed")));
            fetching.assertNothingIsLeft();
        }
    }

    /** What is seen of a head must not change what OkHttp sees: its table of fields is the connection's. */
    @Test
    void headsComeInAllShapesAndKeepTheTable() throws Exception {
        byte[] known = fields("x-known", "value");
        known[0] = 0x40; // takes a place in the table
        RawHttp2Server.Answer answer = (stream, out) -> {
            byte[] padding = new byte[7];
            switch (stream) {
                case FIRST -> {
                    send(out, HEADERS, END_HEADERS, stream, fields(":status", "103", "link", "</style.css>"));
                    send(out, HEADERS, 0, stream, STATUS_200);
                    send(out, CONTINUATION, 0, stream, Arrays.copyOf(known, 4));
                    send(out, CONTINUATION, END_HEADERS, stream, Arrays.copyOfRange(known, 4, known.length));
                }
                case 5 -> send(out, HEADERS, END_HEADERS | PADDED, stream,
                        joined(new byte[]{7}, fields(":status", "302", "location", "/\u00e9"), new byte[]{(byte) 0xBE},
                                padding));
                case 7 -> send(out, HEADERS, END_HEADERS | PRIORITY, stream,
                        joined(new byte[]{0, 0, 0, 0, 16}, fields(":status", "200", "x", "\n"),
                                new byte[]{(byte) 0xBE}));
                case 9 -> send(out, HEADERS, END_HEADERS | PADDED | PRIORITY, stream,
                        joined(new byte[]{7, 0, 0, 0, 0, 16}, STATUS_200, new byte[]{(byte) 0xBE}, padding));
                default -> throw new IllegalStateException("stream " + stream);
            }
            send(out, DATA, END_STREAM, stream, TEXT.getBytes(UTF_8));
        };
        try (RawHttp2Server server = new RawHttp2Server(answer); Fetching fetching = inTheClear()) {
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                switch (fetching.get(server.url("/" + i))) {
                    case Fetch.Response response -> seen.add(response.headers().get("x-known") + " "
                            + response.headers().get("location"));
                    case Fetch.NoResponse none -> seen.add(none.failure().detail());
                }
            }
            assertThat(seen).containsExactly("value null", "value /%E9",
                    "malformed HTTP/2 head: a line break or NUL in a field value", "value null");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    private static Stream<Arguments> locations() {
        String utf8 = new String("/caf\u00e9".getBytes(UTF_8), ISO_8859_1);
        return Stream.of(Arguments.of("/t/a\u00e7\u00e3o", "/t/a%E7%E3o"), Arguments.of("/\u00e9?\u00ff", "/%E9?%FF"),
                Arguments.of(utf8, "/caf\u00e9"), Arguments.of("/plain", "/plain"),
                Arguments.of("/" + "x".repeat(3_000) + "\u00e9", "/" + "x".repeat(3_000) + "%E9"));
    }

    /** Fetch standard, "location URL". */
    @ParameterizedTest
    @MethodSource("locations")
    void locationKeepsItsBytesWhateverTheProtocol(String sent, String location) throws Exception {
        RawHttp2Server.Answer redirect = (stream, out) -> send(out, HEADERS, END_HEADERS | END_STREAM, stream,
                fields(":status", "302", "location", "/\u00ff", "location", sent));
        RawServer.Script lines = (socket, in) -> {
            while (RawServer.readHead(in)) {
                RawServer.send(socket, "HTTP/1.1 302 Found\r\nX-Folded: a\r\n\tb\r\nLocation:\r\n " + sent
                        + "\r\nContent-Length: 0\r\n\r\n");
            }
        };
        try (RawHttp2Server plain2 = new RawHttp2Server(redirect);
                RawHttp2Server tls2 = new RawHttp2Server(SERVER.sslContext(), redirect);
                RawServer tls1 = RawServer.secured(SERVER.sslContext(), "http/1.1", lines);
                Fetching inTheClear = inTheClear();
                Fetching secured = secured()) {
            for (Fetch.Response response : List.of(inTheClear.response(plain2.url("/")),
                    secured.response(tls2.url("/")), secured.response(tls1.url("/1")),
                    secured.response(tls1.url("/2")))) {
                assertThat(response.headers().values("Location")).last().isEqualTo(location);
                assertThat(response.headers().names()).noneMatch(name -> name.startsWith(":"));
            }
            assertThat(secured.response(tls1.url("/3")).headers().get("X-Folded").split("\\s+")).containsExactly("a",
                    "b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secured", "in the clear"})
    void connectionsCarryManyAnswersOneBehindTheOther(String how) throws Exception {
        byte[] body = new byte[40_000];
        Arrays.fill(body, (byte) 'x');
        RawHttp2Server.Answer answer = (stream, out) -> {
            send(out, HEADERS, END_HEADERS, stream, page(body.length));
            for (int i = 0; i < 4; i++) {
                send(out, DATA, i == 3 ? END_STREAM : 0, stream,
                        Arrays.copyOfRange(body, 10_000 * i, 10_000 * (i + 1)));
            }
        };
        boolean isSecured = how.equals("secured");
        try (RawHttp2Server server = isSecured ? new RawHttp2Server(SERVER.sslContext(), answer)
                : new RawHttp2Server(answer); Fetching fetching = isSecured ? secured() : inTheClear()) {
            for (int i = 0; i < 20; i++) {
                assertThat(fetching.response(server.url("/" + i)).body()).isEqualTo(body);
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    private static RawHttp2Server.Answer inTurn(RawHttp2Server.Answer... answers) {
        Queue<RawHttp2Server.Answer> left = new ConcurrentLinkedQueue<>(List.of(answers));
        return (stream, out) -> left.remove().to(stream, out);
    }

    private static CrawlReport crawl(CrawlJob job, Recorded recorded) throws InterruptedException {
        OkHttpClient client = new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
        try (Resolver resolver = new SystemResolver(Ticker.system())) {
            MemoryBudget memory = MemoryBudget.ofThisMachine(Ticker.system());
            CrawlReport report = TestRuntime.of(memory, (crawled, traffic) -> OkHttpFetcher.forJob(crawled,
                    Optional.of(client), resolver, memory, traffic, Ticker.system()), resolver::abandonedLookups)
                    .newCrawl(job, recorded)
                    .run();
            recorded.agreesWith(report);
            return report;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void crawlTrustsWhatItsScraperTrusts(boolean isTrusted) throws Exception {
        Scraper.Builder builder = Scraper.builder();
        if (isTrusted) {
            builder.tls(CLIENT.sslSocketFactory(), CLIENT.trustManager());
        }
        RawHttp2Server.Answer robots = body(fields(":status", "404"), new byte[0], "data");
        RawHttp2Server.Answer page = body(page(TEXT.length()), TEXT.getBytes(UTF_8), "data");
        try (Scraper scraper = builder.build();
                RawHttp2Server server = new RawHttp2Server(SERVER.sslContext(), inTurn(robots, page))) {
            Recorded recorded = new Recorded();
            scraper.crawl(Jobs.impatient(server.url("/")).build()).to(recorded).run();
            assertThat(recorded.counts()).containsOnly(Map.entry(isTrusted ? "ok" : "failed/tls", 1L));
        }
    }

    /** What is missing of it may be the rule that forbids the page. */
    @Test
    void robotsTxtThatIsCutIsNotTakenForAWholeOne() throws Exception {
        byte[] begin = "User-agent: *\nDisallow: /other\n".getBytes(UTF_8);
        RawHttp2Server.Answer page = body(page(20), TEXT.getBytes(UTF_8), "data");
        for (String end : List.of("data", "trailers")) {
            try (RawHttp2Server server = new RawHttp2Server(inTurn(body(page(80), begin, end), page))) {
                Recorded recorded = new Recorded();
                CrawlReport report = crawl(Jobs.impatient(server.url("/secret")).build(), recorded);
                assertThat(recorded.counts()).containsOnly(Map.entry("failed/protocol", 1L));
                assertThat(report.fetching().robots()).isEqualTo(new CrawlReport.Auxiliary(0, 1));
            }
        }
    }

    @Test
    void sitemapThatIsCutFails() throws Exception {
        RawHttp2Server.Answer robots = body(fields(":status", "404"), new byte[0], "data");
        try (RawHttp2Server server = new RawHttp2Server(inTurn(robots,
                body(page(500, "content-type", "text/plain"), "http://127.0.0.1/a\n".getBytes(UTF_8), "data")))) {
            Recorded recorded = new Recorded();
            CrawlJob job = Jobs.impatient().sitemap(CanonicalUrl.of(server.url("/sitemap.txt"))).build();
            CrawlReport report = crawl(job, recorded);
            assertThat(recorded.outcomes()).isEmpty();
            assertThat(report.fetching().sitemaps().failures()).singleElement()
                    .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.PROTOCOL));
        }
    }
}
