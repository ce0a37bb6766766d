package fanout.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SyntheticWebTest {

    private static final Pattern HREF = Pattern.compile("href=\"([^\"]*)\"");
    private static final Pattern TITLE = Pattern.compile("<title>(.*?)</title>", Pattern.DOTALL);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void aWalkOverTheNetworkFindsExactlyTheExpectedPagesAndTitles() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(7)
                .hosts(3)
                .pagesPerHost(200)
                .linksPerPage(6)
                .crossHostLinks()
                .fault(new Fault.Broken(404), 0.1)
                .fault(new Fault.Flaky(503, 2), 0.1)
                .fault(new Fault.Moved(301, 3), 0.1)
                .fault(new Fault.TooManyRequests(1, Duration.ofSeconds(1), false), 0.05)
                .start()) {
            Map<String, String> walked = new HashMap<>();
            Queue<String> waiting = new ArrayDeque<>(List.of(web.urlOf(0, 0)));
            while (!waiting.isEmpty()) {
                String url = waiting.remove();
                if (walked.containsKey(url)) {
                    continue;
                }
                HttpResponse<String> response = get(url);
                for (int again = 0; again < 3
                        && (response.statusCode() == 503 || response.statusCode() == 429); again++) {
                    response = get(url);
                }
                walked.put(url, response.statusCode() + " " + title(response.body()));
                response.headers().firstValue("Location").map(resolver(url)).ifPresent(waiting::add);
                if (response.statusCode() == 200) {
                    Matcher links = HREF.matcher(response.body());
                    links.results().map(link -> resolver(url).apply(link.group(1))).forEach(waiting::add);
                }
            }

            Map<String, String> expected = new HashMap<>();
            web.expectedPages()
                    .forEach((url, page) -> expected.put(
                            url, page.status() + " " + (page.status() == 404 ? "404" : page.title())));
            assertThat(walked).isEqualTo(expected);
            assertThat(walked).hasSizeGreaterThan(600);
            assertThat(web.expectedPages().values())
                    .extracting(ExpectedPage::kind)
                    .contains(
                            ExpectedPage.Kind.OK, ExpectedPage.Kind.REDIRECTED, ExpectedPage.Kind.HTTP_STATUS);
        }
    }

    @Test
    void withoutFaultsEveryPageOfEveryHostIsExpected() {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .hosts(1000)
                .pagesPerHost(13)
                .linksPerPage(2)
                .start()) {
            assertThat(web.expectedPages()).hasSize(13_000);
            assertThat(web.expectedPages(999)).hasSize(13).containsKey("http://127.0.3.250:" + web.port() + "/");
        }
    }

    @Test
    void theSameSeedGivesTheSameSiteAndAnotherSeedAnother() throws Exception {
        SyntheticWebBuilder builder = SyntheticWeb.builder().seed(5).pagesPerHost(50).bodyBytes(4096);
        try (SyntheticWeb one = builder.start();
                SyntheticWeb same = builder.start();
                SyntheticWeb other = builder.seed(6).start()) {
            String page = get(one.urlOf(0, 9)).body();
            assertThat(page).hasSize(4096).isEqualTo(get(same.urlOf(0, 9)).body());
            assertThat(page).isNotEqualTo(get(other.urlOf(0, 9)).body());
        }
    }

    @Test
    void everySpellingOfALinkMeansACanonicalUrlOfThisHost() throws Exception {
        try (SyntheticWeb web =
                SyntheticWeb.builder().pagesPerHost(300).linksPerPage(40).manySpellings().start()) {
            Set<String> expected = web.expectedPages().keySet();
            List<String> seen = new ArrayList<>();
            for (int page = 0; page < 20; page++) {
                String url = web.urlOf(0, page);
                HREF.matcher(get(url).body()).results().map(link -> link.group(1)).forEach(link -> {
                    String target = resolver(url).apply(link.strip().replace("&#47;", "/"));
                    assertThat(expected.contains(canonical(target))).as(target).isTrue();
                    seen.add(link.replaceAll("[0-9]+", "N"));
                });
            }
            assertThat(seen.stream().distinct()).hasSizeGreaterThan(9);
        }
    }

    @Test
    void everyArrivalIsLoggedWithHostPathConnectionAndStatus() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().hosts(2).start()) {
            long before = System.nanoTime();
            get(web.urlOf(0, 3));
            get(web.urlOf(0, "/nowhere?x=1"));
            get(web.urlOf(1, 3));
            long after = System.nanoTime();

            List<Arrival> arrivals = web.arrivals();
            assertThat(arrivals).extracting(Arrival::path)
                    .containsExactly("/page/3.html", "/nowhere?x=1", "/page/3.html");
            assertThat(arrivals).extracting(Arrival::status).containsExactly(200, 404, 200);
            assertThat(arrivals).extracting(Arrival::method).containsOnly("GET");
            assertThat(arrivals).extracting(Arrival::connection).containsExactly(1, 1, 2);
            assertThat(arrivals).extracting(Arrival::host).containsExactly(web.hostOf(0), web.hostOf(0), web.hostOf(1));
            assertThat(arrivals).extracting(Arrival::nanoTime)
                    .isSorted()
                    .allMatch(time -> time > before && time < after);
            assertThat(web.arrivals(web.hostOf(1))).containsExactly(arrivals.get(2));
            assertThat(web.arrivalCount()).isEqualTo(3);
        }
    }

    @Test
    void theSmallestGapIsTheTimeBetweenTheTwoClosestArrivals() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().start()) {
            assertThat(web.smallestGap(web.hostOf(0))).isEmpty();
            get(web.urlOf(0, 1));
            get(web.urlOf(0, 2));
            get(web.urlOf(0, 3));
            List<Arrival> arrivals = web.arrivals();
            long first = arrivals.get(1).nanoTime() - arrivals.get(0).nanoTime();
            long second = arrivals.get(2).nanoTime() - arrivals.get(1).nanoTime();
            assertThat(web.smallestGap(web.hostOf(0))).contains(Duration.ofNanos(Math.min(first, second)));
        }
    }

    @Test
    void latencyDelaysTheAnswerAndNotTheArrival() throws Exception {
        Duration latency = Duration.ofMillis(120);
        try (SyntheticWeb web = SyntheticWeb.builder().latency(Latency.fixed(latency)).start()) {
            long sent = System.nanoTime();
            get(web.urlOf(0, 1));
            long answered = System.nanoTime();
            assertThat(answered - sent).isGreaterThanOrEqualTo(latency.toNanos());
            assertThat(answered - web.arrivals().getFirst().nanoTime()).isGreaterThanOrEqualTo(latency.toNanos());
        }
    }

    @Test
    void requestsInFlightAreCountedTogetherAndPerHost() throws Exception {
        CountDownLatch allThere = new CountDownLatch(30);
        try (SyntheticWeb web = SyntheticWeb.builder().hosts(3).start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            web.on("/together", exchange -> {
                allThere.countDown();
                allThere.await();
                exchange.respond(200, "text/plain", "all");
            });
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String url = web.urlOf(i % 3, "/together");
                Callable<HttpResponse<String>> call = () -> get(url);
                answers.add(threads.submit(call));
            }
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().body()).isEqualTo("all");
            }
            assertThat(web.maxConcurrent()).isEqualTo(30);
            assertThat(web.maxConcurrent(web.hostOf(2))).isEqualTo(10);
            assertThat(web.inFlight()).isZero();
        }
    }

    @Test
    void aClientThatSendsOneRequestAtATimeIsNeverCountedTwice() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().countsOnly().start();
                HttpClient another = HttpClient.newHttpClient()) {
            for (int i = 0; i < 300; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(web.urlOf(0, i % 100))).build();
                (i % 2 == 0 ? client : another).send(request, HttpResponse.BodyHandlers.ofString());
            }
            assertThat(web.maxConcurrent()).isEqualTo(1);
            assertThat(web.arrivalCount()).isEqualTo(300);
        }
    }

    @Test
    void aLogThatOnlyCountsRefusesToBeRead() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().countsOnly().start()) {
            get(web.urlOf(0, 0));
            assertThat(web.arrivalCount(web.hostOf(0))).isEqualTo(1);
            assertThatThrownBy(web::arrivals).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void ratesOfFaultsThatAddUpToMoreThanOneAreRefused() {
        assertThatThrownBy(() -> SyntheticWeb.builder()
                .fault(new Fault.Reset(), 0.6)
                .fault(new Fault.Stalled(), 0.6)
                .start())
                .isInstanceOf(IllegalArgumentException.class);
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static UnaryOperator<String> resolver(String base) {
        return link -> URI.create(base).resolve(link).normalize().toString();
    }

    private static String canonical(String url) {
        return url.replaceFirst("#.*", "").replace("HTTP:", "http:").replace("%61", "a").replaceAll("%3([0-9])", "$1");
    }

    private static String title(String html) {
        Matcher title = TITLE.matcher(html);
        return title.find() ? title.group(1).strip().replaceAll("\\s+", " ").replace("&amp;", "&") : "";
    }
}
