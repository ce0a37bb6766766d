package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A good night, and another in which something is wrong with the site: what is kept of the good one, what an operator
 * is told, by which exit code, and what the report page shows.
 */
@Timeout(120)
class NightsTest {

    private static final int PRODUCTS = 20;

    /** What the site is like; the first is a good night. */
    private enum Night {
        GOOD, HALF_GONE, BROKEN_SELECTOR, EMPTY_TITLES, SLOW
    }

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer shop;
    private volatile Night night = Night.GOOD;

    @BeforeEach
    void openShop() throws IOException {
        shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        shop.setExecutor(threads);
        shop.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                LockSupport.parkNanos(Duration.ofMillis(night == Night.SLOW ? 100 : 10).toNanos());
                byte[] body = page(path).getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                exchange.sendResponseHeaders(path.equals("/robots.txt") ? 404 : 200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        shop.start();
    }

    @AfterEach
    void closeShop() {
        shop.stop(0);
        threads.shutdownNow();
        threads.close();
    }

    private String page(String path) {
        if (path.equals("/")) {
            return "<title>Shop</title>" + IntStream.range(0, night == Night.HALF_GONE ? PRODUCTS / 2 : PRODUCTS)
                    .mapToObj("<a href='/product/%d'>more</a>"::formatted)
                    .reduce("", String::concat);
        }
        String title = night == Night.EMPTY_TITLES ? " " : "Saw " + path;
        String price = night == Night.BROKEN_SELECTOR ? "amount" : "price";
        return "<title>%s</title><h1>%s</h1><b class=%s>12.50</b>".formatted(path, title, price);
    }

    private String job() {
        return """
                name: shop
                startUrls: ["http://127.0.0.1:%d/"]
                politeness: {delay: 0, autoThrottle: false, perHostConcurrency: 4}
                retries: {maxAttempts: 1}
                network: {allowPrivateAddresses: true}
                limits: {maxFailedPercent: 20}
                extract:
                  - {name: products, match: /product/, fields: {title: {css: h1}, price: {css: .price, type: number}}}
                expect: {minPages: 5, filled: {products.title: 95, products.price: 95}, maxChangePercent: 30}
                """.formatted(shop.getAddress().getPort());
    }

    /** Crawls, in CI as a process of its own; returns what it said. */
    private String crawl(int expected, String... options) throws Exception {
        if (!Boolean.getBoolean("fanout.ci")) {
            CommandRun run = new CommandRun(folder);
            assertThat(run.crawl(job(), options)).as(run.err()).isEqualTo(expected);
            return run.err();
        }
        try (CommandProcess process = CommandProcess.start(folder, job(), options)) {
            int code = process.exitCode();
            assertThat(code).as(process.stderr()).isEqualTo(expected);
            return process.stderr();
        }
    }

    /** What the page says needs attention. */
    private List<String> findings() throws IOException {
        CommandRun report = new CommandRun(folder);
        assertThat(report.run("report", folder.toString())).as(report.err()).isZero();
        var page = Jsoup.parse(Files.readString(folder.resolve("report.html")));
        assertThat(page.select("a[href^=#]")).as("each link leads to a part that is there")
                .allMatch(link -> page.getElementById(link.attr("href").substring(1)) != null);
        return page.select("#findings li").eachText();
    }

    /** The pages of the run that was moved last. */
    private long kept() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve("previous"))) {
            Path last = runs.filter(Files::isDirectory).sorted().toList().getLast();
            return Files.readAllLines(last.resolve("pages.jsonl")).size();
        }
    }

    @Test
    void goodNightHoldsAndTheNextOneToo() throws Exception {
        assertThat(crawl(0)).contains("5 expectations hold");
        assertThat(crawl(0)).contains("5 expectations hold", "  before  ");

        assertThat(findings()).noneMatch(words -> words.contains("expect"));
    }

    @Test
    void nightInWhichTheSiteIsDownKeepsTheGoodOne() throws Exception {
        crawl(0);
        int port = shop.getAddress().getPort();
        String job = job();
        shop.stop(0);
        for (String change : List.of("0 pages, 100 % fewer than the 21 in the run of ", "3 of 5 expectations")) {
            try (CommandProcess process = CommandProcess.start(folder, job)) {
                assertThat(process.exitCode()).isEqualTo(4);
                assertThat(process.stderr()).contains("expect.minPages: 0 pages, wanted at least 5", change,
                        "first connection  http://127.0.0.1:" + port);
            }
        }

        assertThat(kept()).isEqualTo(PRODUCTS + 1);
        assertThat(findings()).contains("No page was ok.")
                .anyMatch(words -> words.startsWith("Not as expected: 0 pages, wanted at least 5"))
                .anyMatch(words -> words.startsWith("Fewer pages than in the run before: 0, and 21 then"));
    }

    @Test
    void nightWithHalfOfThePagesIsNotAsExpected() throws Exception {
        crawl(0);
        night = Night.HALF_GONE;
        String said = crawl(6);

        assertThat(said).contains("  2 of 5 expectations do not hold:\n",
                "    expect.maxChangePercent.pages: 11 pages, 47.7 % fewer than the 21 in the run of ",
                "    expect.maxChangePercent.items: 10 items, 50 % fewer than the 20 in the run of ", "  before  ");
        assertThat(kept()).isEqualTo(PRODUCTS + 1);
        assertThat(findings()).anyMatch(words -> words.startsWith("Not as expected: 11 pages, 47.7 % fewer"));
        assertThat(crawl(0)).as("a change is said once").contains("5 expectations hold");
    }

    @Test
    void nightWithABrokenSelectorIsNotAsExpected() throws Exception {
        crawl(0);
        night = Night.BROKEN_SELECTOR;

        assertThat(crawl(6)).contains("  1 of 5 expectations does not hold:\n",
                "    expect.filled.products.price: 0 % of 20 items, wanted at least 95 %\n")
                .contains("products, 20 items: title 100 %, price 0 %");
        assertThat(findings()).contains("Not as expected: 0 % of 20 items, wanted at least 95 % "
                + "(expect.filled.products.price).")
                .anyMatch(words -> words.startsWith("products.price is empty in every item"));
    }

    /** A rule that needs the field has no item at all. */
    @Test
    void nightWithoutItemsIsNotAsExpected() throws Exception {
        String[] required = {"--set", "extract=[{name: products, match: /product/, fields: {title: {css: h1}, "
                + "price: {css: .price, required: true}}}]"};
        crawl(0, required);
        night = Night.BROKEN_SELECTOR;

        assertThat(crawl(6, required)).contains("  3 of 5 expectations do not hold:\n",
                "    expect.filled.products.price: no item, wanted at least 95 %\n",
                "    expect.maxChangePercent.items: 0 items, 100 % fewer than the 20 in the run of ",
                "  20 items dropped: a required field was missing");
        assertThat(findings()).contains("Not as expected: no item, wanted at least 95 % "
                + "(expect.filled.products.price).", "20 items without a required field were dropped.")
                .anyMatch(words -> words.startsWith("Fewer items than in the run before: 0, and 20 then"));
    }

    @Test
    void nightWithEmptyTitlesIsNotAsExpected() throws Exception {
        crawl(0);
        night = Night.EMPTY_TITLES;

        assertThat(crawl(6)).contains("    expect.filled.products.title: 0 % of 20 items, wanted at least 95 %\n");
        assertThat(findings()).anyMatch(words -> words.startsWith("products.title is empty in every item"));
    }

    @Test
    void nightThatIsTenTimesSlowerIsAsExpectedAndShowsOnThePage() throws Exception {
        crawl(0);
        night = Night.SLOW;

        assertThat(crawl(0)).contains("5 expectations hold");
        assertThat(findings()).anyMatch(words -> words.startsWith("Pages are slower than in the run before"));
    }

    @Test
    void slowNightThatRunsOutOfTimeIsNotJudged() throws Exception {
        crawl(0);
        night = Night.SLOW;

        assertThat(crawl(3, "--set", "limits.maxDuration=300ms")).contains(
                "  expectations are not judged, because the crawl ended as maxDuration\n", "  resume  ");
        assertThat(findings()).contains("What the job expects was not judged: the crawl ended as maxDuration.",
                "The crawl ended at limits.maxDuration: pages are missing.");
        night = Night.GOOD;
        assertThat(crawl(0)).as("compared with the good night").contains("5 expectations hold");
    }
}
