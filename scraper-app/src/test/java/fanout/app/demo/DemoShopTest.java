package fanout.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import fanout.Scraper;
import fanout.app.config.JobFile;
import fanout.app.config.JobOverrides;
import fanout.outcome.Failed;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.outcome.Skipped;
import fanout.page.Item;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shop, seen by one crawl with its own job. */
@Timeout(60)
class DemoShopTest {

    private static final List<Outcome> OUTCOMES = new ArrayList<>();

    private static DemoShop shop;
    private static CrawlReport report;

    @BeforeAll
    static void crawl() throws IOException, InterruptedException {
        shop = DemoShop.open(0);
        JobFile file = DemoJob.read(shop, JobOverrides.NONE);
        try (Scraper scraper = Scraper.create()) {
            report = scraper.crawl(file.job()).to(OUTCOMES::add).run();
        }
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void theCrawlFindsThePagesOfTheShopAndNoOthers() {
        assertThat(of(Fetched.class).map(page -> page.request().url().toString()))
                .containsExactlyInAnyOrderElementsOf(shop.pages())
                .hasSize(63);
        assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        assertThat(report.leakCheck().isClean()).isTrue();
    }

    @Test
    void theDeadLinksTheRedirectAndTheForbiddenPageHaveTheirOutcomes() {
        assertThat(of(Failed.class)).extracting(DemoShopTest::path, failed -> failed.failure().detail())
                .containsExactlyInAnyOrder(tuple("/catalogue/clearance.html", "HTTP status 404"),
                        tuple("/help/fax.html", "HTTP status 404"));
        assertThat(of(Redirected.class)).extracting(DemoShopTest::path, moved -> moved.target().toString())
                .containsExactly(tuple("/special-offers", shop.origin() + "/offers.html"));
        assertThat(of(Skipped.class)).extracting(DemoShopTest::path, skipped -> skipped.reason().orElseThrow())
                .containsExactly(tuple("/checkout/basket.html", Reason.ROBOTS));
    }

    @Test
    void whatRobotsTxtOrNofollowForbidIsNeverAskedFor() {
        assertThat(shop.requests("/robots.txt")).isOne();
        assertThat(shop.requests("/checkout/basket.html")).isZero();
        assertThat(shop.requests("/search.html")).isZero();
        assertThat(report.links().dropped()).isOne();
        assertThat(report.links().outOfScope()).isOne();
    }

    @Test
    void onlyTheFlakyPageNeedsASecondAttempt() {
        assertThat(of(Fetched.class).filter(page -> page.trail().attempts() != 1))
                .extracting(DemoShopTest::path, page -> page.trail().attempts())
                .containsExactly(tuple("/help/delivery.html", 2));
        assertThat(shop.requests("/help/delivery.html")).isEqualTo(2);
    }

    @Test
    void thePageThatOnlyTheSitemapKnowsHasNoReferrer() {
        assertThat(of(Fetched.class).filter(page -> path(page).equals("/help/opening-hours.html"))).singleElement()
                .satisfies(page -> assertThat(page.request().referrer()).isEmpty());
    }

    @Test
    void thePriceListIsRecordedWithoutReadingIt() {
        assertThat(of(Fetched.class).filter(page -> page.content().bytes() == 0)).extracting(DemoShopTest::path)
                .containsExactly("/price-list.csv");
    }

    @Test
    void everyProductIsOneItem() throws IOException {
        List<List<Object>> expected = Catalogue.load()
                .products()
                .map(product -> List.<Object>of(product.title(), product.price().doubleValue(), product.tags(),
                        product.stock(), shop.origin() + ShopPaths.of(product)))
                .toList();

        assertThat(items().map(item -> List.of(item.fields().get("title"), number(item, "price").doubleValue(),
                item.fields().get("tags"), number(item, "stock").intValue(), item.fields().get("link"))))
                .containsExactlyInAnyOrderElementsOf(expected)
                .hasSize(42);
    }

    @Test
    void anItemReadsAsItsProductDoes() {
        assertThat(items().filter(item -> "Picture hangers \"No Drill\", pair".equals(item.fields().get("title"))))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.url()).hasToString(shop.origin() + "/catalogue/fixings/page-2.html");
                    assertThat(item.rule()).isEqualTo("products");
                    assertThat(item.fields().keySet()).containsExactly("title", "price", "tags", "stock", "link");
                    assertThat(number(item, "price").doubleValue()).isEqualTo(5.90);
                    assertThat(item.fields().get("tags")).isEqualTo(List.of("set"));
                    assertThat(number(item, "stock").intValue()).isEqualTo(29);
                    assertThat(item.fields().get("link"))
                            .isEqualTo(shop.origin() + "/products/picture-hangers-no-drill-pair.html");
                });
    }

    @Test
    void pagesAreLabelledByTheLinkThatLedToThem() {
        assertThat(of(Fetched.class).filter(page -> path(page).startsWith("/products/")))
                .hasSize(42)
                .allSatisfy(page -> assertThat(page.request().label()).contains("product"));
        assertThat(of(Fetched.class).filter(page -> path(page).startsWith("/catalogue/")))
                .hasSize(12)
                .allSatisfy(page -> assertThat(page.request().label()).contains("category"));
    }

    @Test
    void everyFileThatAPageShowsIsThere() throws IOException {
        assertThat(get(shop.origin() + "/style.css").getContentType()).isEqualTo("text/css; charset=utf-8");
        for (Catalogue.Category category : Catalogue.load().categories()) {
            assertThat(get(shop.origin() + ShopPaths.icon(category)).getContentType()).isEqualTo("image/svg+xml");
        }
    }

    @Test
    void aClosedShopAnswersNoRequest() throws IOException {
        String url;
        try (DemoShop other = DemoShop.open(0)) {
            url = other.origin() + "/";
            assertThat(get(url).getResponseCode()).isEqualTo(200);
        }

        assertThatThrownBy(() -> get(url).getResponseCode()).isInstanceOf(ConnectException.class);
    }

    private static <T extends Outcome> Stream<T> of(Class<T> kind) {
        return OUTCOMES.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static Stream<Item> items() {
        return of(Fetched.class).flatMap(page -> page.items().stream());
    }

    private static Number number(Item item, String field) {
        return (Number) item.fields().get(field);
    }

    private static String path(Outcome outcome) {
        return outcome.request().url().pathAndQuery();
    }

    private static HttpURLConnection get(String url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.getResponseCode();
        return connection;
    }
}
