package fanout.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.job.Politeness.Manners;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each bound of a job, from both sides: the last value that is taken, and the first that is refused by its key. */
class JobBoundsTest {

    private static final Duration NANO = Duration.ofNanos(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TestFactory
    Stream<DynamicTest> counts() {
        return Stream.of(
                count("limits.maxPages ", 1, Long.MAX_VALUE, n -> limits().maxPages(n).build()),
                count("limits.maxPagesPerHost ", 1, Long.MAX_VALUE, n -> limits().maxPagesPerHost(n).build()),
                count("limits.maxUrls ", 1, Long.MAX_VALUE, n -> limits().maxUrls(n).build()),
                count("limits.maxLinksPerPage ", 1, Integer.MAX_VALUE,
                        n -> limits().maxLinksPerPage((int) (long) n).build()),
                count("limits.maxUrlLength ", 1, Integer.MAX_VALUE,
                        n -> limits().maxUrlLength((int) (long) n).build()),
                count("limits.maxBodySize ", 1, 1L << 30, n -> limits().maxBodyBytes(n).build()),
                count("limits.maxRedirects ", 0, Integer.MAX_VALUE,
                        n -> limits().maxRedirects((int) (long) n).build()),
                count("limits.maxFailedPercent ", 0, 100, n -> limits().maxFailedPercent((int) (long) n).build()),
                count("expect.minPages ", 0, 1_000_000_000_000L, n -> job().expectations(
                        Expectations.NONE.withMinPages(n)).build()),
                count("expect.minItems ", 0, 1_000_000_000_000L, n -> job().expectations(
                        Expectations.NONE.withMinItems(n)).build()),
                count("expect.filled.a.b ", 0, 100, n -> Expectations.NONE.withFilled("a", "b", (int) (long) n)),
                count("expect.maxChangePercent ", 0, 1_000_000,
                        n -> Expectations.NONE.withMaxChangePercent((int) (long) n)),
                count("concurrency ", 1, 100_000, n -> job().concurrency((int) (long) n).build()),
                count("politeness.maxRequestsPerSecond ", 1, Integer.MAX_VALUE,
                        n -> politeness().maxRequestsPerSecond((int) (long) n).build()),
                count("politeness.perHostConcurrency ", 1, Integer.MAX_VALUE,
                        n -> new Manners((int) (long) n, SECOND, true, SECOND)),
                count("retries.maxAttempts ", 1, Integer.MAX_VALUE,
                        n -> new Retries((int) (long) n, SECOND, SECOND)),
                count("circuitBreaker.failureRateThreshold ", 1, 100,
                        n -> new CircuitBreaking((int) (long) n, 20, SECOND, 3)),
                count("circuitBreaker.window ", 1, 1000, n -> new CircuitBreaking(50, (int) (long) n, SECOND, 3)),
                count("circuitBreaker.maxOpenings ", 1, Integer.MAX_VALUE,
                        n -> new CircuitBreaking(50, 20, SECOND, (int) (long) n)),
                count("http.proxy ", 1, 65_535, n -> new Http.Proxy("127.0.0.1", (int) (long) n)),
                count("network.allowedCidrs prefix length ", 0, 32, n -> new Cidr(new byte[4], (int) (long) n)),
                count("network.allowedCidrs prefix length ", 0, 128, n -> new Cidr(new byte[16], (int) (long) n)))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> durations() {
        return Stream.of(
                duration("limits.maxDuration ", NANO, LONGEST, d -> limits().maxDuration(d).build()),
                duration("limits.requestTimeout ", NANO, LONGEST, d -> limits().requestTimeout(d).build()),
                duration("output.flushTimeout ", NANO, LONGEST, d -> job().flushTimeout(d).build()),
                duration("politeness.maxRetryAfter ", NANO, LONGEST, d -> politeness().maxRetryAfter(d).build()),
                duration("politeness.maxCrawlDelay ", NANO, LONGEST, d -> politeness().maxCrawlDelay(d).build()),
                duration("politeness.delay ", Duration.ZERO, LONGEST, d -> new Manners(1, d, true, LONGEST)),
                duration("politeness.maxDelay ", NANO, LONGEST, d -> new Manners(1, Duration.ZERO, true, d)),
                duration("retries.backoff ", NANO, LONGEST, d -> new Retries(1, d, LONGEST)),
                duration("retries.maxBackoff ", NANO, LONGEST, d -> new Retries(1, NANO, d)),
                duration("circuitBreaker.openFor ", NANO, LONGEST, d -> new CircuitBreaking(50, 20, d, 3)))
                .flatMap(tests -> tests);
    }

    @Test
    void theLongestOfTwoDelaysIsNoShorterThanTheOther() {
        assertThatCode(() -> new Manners(1, SECOND, true, SECOND)).doesNotThrowAnyException();
        refused("politeness.maxDelay must be at least politeness.delay, 1s, not PT0.999999999S",
                () -> new Manners(1, SECOND, true, SECOND.minus(NANO)));
        assertThatCode(() -> new Retries(1, SECOND, SECOND)).doesNotThrowAnyException();
        refused("retries.maxBackoff must be at least retries.backoff, 1s, not PT0.999999999S",
                () -> new Retries(1, SECOND, SECOND.minus(NANO)));
    }

    @Test
    void nameHasOneToAHundredCharacters() {
        for (String good : List.of("a", "A-Z_0", "x".repeat(100))) {
            assertThatCode(() -> CrawlJob.builder(good).startUrl("http://example.org/").build()).as(good)
                    .doesNotThrowAnyException();
        }
        for (String bad : List.of("", "x".repeat(101), "a b", "a/b", "é")) {
            refused("name must be 1 to 100 letters",
                    () -> CrawlJob.builder(bad).startUrl("http://example.org/").build());
        }
    }

    @Test
    void startUrlIsNoLongerThanAnyOther() {
        CanonicalUrl url = CanonicalUrl.of("http://example.org/x");
        assertThatCode(() -> job().startUrl(url.toString()).limits(limits().maxUrlLength(url.length()).build()).build())
                .doesNotThrowAnyException();
        refused("startUrls has a URL that is longer than limits.maxUrlLength, " + (url.length() - 1),
                () -> job().startUrl(url.toString()).limits(limits().maxUrlLength(url.length() - 1).build()).build());
    }

    @Test
    void headersAreNoMoreThanTheClientMaySend() {
        refused("http.userAgent must be printable ASCII", () -> http("é", Map.of()));
        refused("http.userAgent must not be blank", () -> http("\t ", Map.of()));
        refused("http.headers.A B must be an HTTP header name", () -> http("x", Map.of("A B", "x")));
        refused("http.headers.A must be printable ASCII; character 2 is U+000D",
                () -> http("x", Map.of("A", "x\r\nB: y")));
        refused("http.headers.A must be printable ASCII; character 3 is U+1F600",
                () -> http("x", Map.of("A", "xy\ud83d\ude00")));
        for (String ours : List.of("Host", "content-length", "Transfer-Encoding", "CONNECTION", "Accept-Encoding")) {
            refused("http.headers." + ours + " is set by the HTTP client", () -> http("x", Map.of(ours, "x")));
        }
        refused("http.proxy needs a host", () -> new Http.Proxy(" ", 1));
        refused("http.proxy the user's name must not hold a colon", () -> new Http.Login("a:b", ""));
        refused("http.proxy the user's name must not hold a colon", () -> new Http.Login(":", ""));
    }

    private static Http http(String userAgent, Map<String, String> headers) {
        return new Http(userAgent, headers, true, Optional.empty(), List.of());
    }

    private static Limits.Builder limits() {
        return Limits.DEFAULT.toBuilder();
    }

    private static Politeness.Builder politeness() {
        return Politeness.DEFAULT.toBuilder();
    }

    private static CrawlJob.Builder job() {
        return CrawlJob.builder("docs").startUrl("http://a/");
    }

    private static Stream<DynamicTest> count(String key, long least, long most, Consumer<Long> of) {
        Stream<Long> tooMuch = most == Long.MAX_VALUE || most == Integer.MAX_VALUE ? Stream.of() : Stream.of(most + 1);
        long someStart = key.startsWith("limits.maxUrlLength") ? 9 : least;
        return Stream.concat(
                Stream.of(someStart, most)
                        .map(n -> DynamicTest.dynamicTest(key + n,
                                () -> assertThatCode(() -> of.accept(n)).doesNotThrowAnyException())),
                Stream.concat(Stream.of(least - 1), tooMuch)
                        .map(n -> DynamicTest.dynamicTest(key + n + " is refused",
                                () -> refused(key, () -> of.accept(n)))));
    }

    private static Stream<DynamicTest> duration(String key, Duration least, Duration most, Consumer<Duration> of) {
        return Stream.concat(
                Stream.of(least, most)
                        .map(d -> DynamicTest.dynamicTest(key + d,
                                () -> assertThatCode(() -> of.accept(d)).doesNotThrowAnyException())),
                Stream.of(least.minus(NANO), most.plus(NANO))
                        .map(d -> DynamicTest.dynamicTest(key + d + " is refused",
                                () -> refused(key, () -> of.accept(d)))));
    }

    private static void refused(String message, Runnable making) {
        assertThatIllegalArgumentException().isThrownBy(making::run).withMessageStartingWith(message);
    }
}
