package fanout.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.demo.CustomerArea.Asked;
import fanout.app.demo.CustomerArea.Validity;
import fanout.app.demo.Response.Document;
import fanout.app.demo.Response.Personal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The search and the customer's part of the shop, by a client that follows no redirect and keeps one cookie. */
@Timeout(60)
class CustomerAreaTest {

    private static final int PAGES = 40;
    private static final Duration TIME = Duration.ofMinutes(5);
    private static final String FORM = "application/x-www-form-urlencoded";

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10); // soon negative, as nanoTime may be
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private DemoShop shop;
    private String cookie = "";

    @BeforeEach
    void openShop() throws IOException {
        shop = DemoShop.open(0, new Validity(PAGES, TIME), clock::get);
    }

    @AfterEach
    void closeShop() {
        client.close();
        shop.close();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(shop.origin() + path));
        return cookie.isEmpty() ? request : request.header("Cookie", "other=1; " + cookie + "; more=2");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        response.headers().firstValue("Set-Cookie").ifPresent(set -> {
            assertThat(set).matches("shop-visit=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Lax");
            cookie = set.split(";", 2)[0];
        });
        return response;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> logIn(String token, String password) throws IOException, InterruptedException {
        return post("/login", FORM, "token=" + token + "&user=demo&password=" + password + "&go=1");
    }

    private HttpResponse<String> logIn() throws IOException, InterruptedException {
        HttpResponse<String> answer = logIn(token(get("/login")), CustomerPages.PASSWORD);
        assertThat(answer.statusCode()).isEqualTo(303);
        return answer;
    }

    private static Element page(HttpResponse<String> response) {
        return Jsoup.parse(response.body());
    }

    private static String token(HttpResponse<String> response) {
        return page(response).expectFirst("form#login input[type=hidden][name=token]").val();
    }

    private static boolean hasForm(HttpResponse<String> response) {
        return !page(response).select("form#login").isEmpty();
    }

    @Test
    void theFormStandsInPlaceOfTheOrdersAndBeforeAnOrder() throws Exception {
        HttpResponse<String> list = get("/account/orders");
        HttpResponse<String> order = get("/account/orders/1001");

        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(hasForm(list)).isTrue();
        assertThat(list.body()).contains(CustomerPages.USER, CustomerPages.PASSWORD).doesNotContain("1001");
        assertThat(list.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(order.statusCode()).isEqualTo(303);
        assertThat(order.headers().firstValue("Location")).contains("/login");
        assertThat(get("/account/orders/1025").statusCode()).isEqualTo(404);
        assertThat(get("/account/").statusCode()).isEqualTo(404);
    }

    @Test
    void aLoginShowsAllOrdersPageByPage() throws Exception {
        assertThat(logIn().headers().firstValue("Location")).contains("/account/orders");

        Set<String> orders = new HashSet<>();
        String next = "/account/orders";
        int lists = 0;
        while (!next.isEmpty()) {
            HttpResponse<String> list = get(next);
            assertThat(page(list).select("a.logout[rel=nofollow]")).hasSize(1);
            orders.addAll(page(list).select(".orders td a").eachAttr("href"));
            next = page(list).select("li.next a").attr("href");
            lists++;
        }
        assertThat(lists).isEqualTo(6);
        assertThat(orders).hasSize(24);
        for (String order : orders) {
            HttpResponse<String> detail = get(order);
            assertThat(page(detail).select("h1").text()).isEqualTo("Order " + order.substring(order.length() - 4));
            assertThat(page(detail).select(".line a").eachAttr("href")).isNotEmpty()
                    .allMatch(product -> shop.pages().contains(shop.origin() + product));
        }
        assertThat(page(get("/account/orders?page=7")).select(".orders td")).isEmpty();
        assertThat(page(get("/account/orders?page=x")).select(".orders td")).isEmpty();
    }

    @Test
    void aTokenIsAnotherOneInEachAnswerAndTheLastOneCounts() throws Exception {
        String first = token(get("/login"));
        String visitor = cookie;
        String second = token(get("/login"));
        HttpResponse<String> refused = logIn(first, CustomerPages.PASSWORD);
        String third = token(refused);

        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(page(refused).select(".problem")).hasSize(1);
        assertThat(logIn(second, CustomerPages.PASSWORD).statusCode()).as("it was followed by a third").isEqualTo(403);
        assertThat(cookie).as("a visitor that is known gets no other cookie").isEqualTo(visitor);
        assertThat(logIn(token(get("/login")), CustomerPages.PASSWORD).statusCode()).isEqualTo(303);
    }

    @Test
    void theFormOfTheOrdersDoesNotDisturbThatOfTheLogin() throws Exception {
        String token = token(get("/login"));
        String other = token(get("/account/orders"));

        assertThat(other).isNotEqualTo(token);
        assertThat(logIn(token, CustomerPages.PASSWORD).statusCode()).isEqualTo(303);
    }

    @Test
    void aTokenIsGoodOnceAndForItsVisitorOnly() throws Exception {
        String token = token(get("/login"));
        String visitor = cookie;

        cookie = "";
        assertThat(logIn(token, CustomerPages.PASSWORD).statusCode()).as("without the cookie").isEqualTo(403);
        cookie = "";
        get("/login");
        assertThat(logIn(token, CustomerPages.PASSWORD).statusCode()).as("of another visitor").isEqualTo(403);
        cookie = visitor;
        assertThat(logIn("", CustomerPages.PASSWORD).statusCode()).as("without a token").isEqualTo(403);
        String last = token(get("/login"));
        assertThat(logIn(last, CustomerPages.PASSWORD).statusCode()).isEqualTo(303);
        cookie = visitor;
        assertThat(logIn(last, CustomerPages.PASSWORD).statusCode()).as("once more").isEqualTo(403);
    }

    @Test
    void aWrongPasswordShowsTheFormAgain() throws Exception {
        HttpResponse<String> refused = logIn(token(get("/login")), "garden");

        assertThat(refused.statusCode()).isEqualTo(200);
        assertThat(page(refused).select(".problem").text()).contains("no customer");
        assertThat(hasForm(get("/account/orders"))).isTrue();
        assertThat(post("/login", FORM, "token=" + token(get("/login")) + "&user=other&password="
                + CustomerPages.PASSWORD).statusCode()).isEqualTo(200);
        assertThat(hasForm(get("/account/orders"))).isTrue();
    }

    @Test
    void aLoginGivesAnotherCookie() throws Exception {
        get("/login");
        String visitor = cookie;
        logIn();
        String customer = cookie;

        assertThat(customer).isNotEqualTo(visitor);
        get("/login");
        assertThat(cookie).as("the form takes no session away").isEqualTo(customer);
        assertThat(hasForm(get("/account/orders"))).isFalse();
        cookie = visitor;
        assertThat(hasForm(get("/account/orders"))).isTrue();
    }

    @Test
    void aSessionEndsAfterItsPages() throws Exception {
        logIn();
        String customer = cookie;
        for (int page = 0; page < PAGES; page++) {
            assertThat(hasForm(get("/account/orders"))).as("page " + page).isFalse();
            assertThat(get("/offers.html").statusCode()).as("which is for everybody").isEqualTo(200);
        }

        assertThat(get("/account/orders/1001").statusCode()).isEqualTo(303);
        HttpResponse<String> ended = get("/account/orders");
        assertThat(hasForm(ended)).isTrue();
        assertThat(cookie).as("the visitor is known").isEqualTo(customer);
        assertThat(logIn(token(ended), CustomerPages.PASSWORD).statusCode()).isEqualTo(303);
        assertThat(hasForm(get("/account/orders"))).isFalse();
    }

    @Test
    void aSessionEndsAfterItsTime() throws Exception {
        logIn();
        clock.addAndGet(TIME.toNanos() - 1);
        assertThat(hasForm(get("/account/orders"))).isFalse();

        clock.incrementAndGet();
        assertThat(hasForm(get("/account/orders"))).isTrue();
    }

    @Test
    void loggingOutEndsTheSession() throws Exception {
        logIn();
        String path = page(get("/account/orders")).select("a.logout").attr("href");

        HttpResponse<String> out = get(path);

        assertThat(out.statusCode()).isEqualTo(303);
        assertThat(out.headers().firstValue("Location")).contains("/");
        assertThat(hasForm(get("/account/orders"))).isTrue();
    }

    @Test
    void requestsThatNoFormOfTheShopMakesAreRefused() throws Exception {
        assertThat(post("/account/orders", FORM, "a=1").headers().firstValue("Allow")).contains("GET, HEAD");
        assertThat(send(request("/login").method("PUT", HttpRequest.BodyPublishers.noBody())).headers()
                .firstValue("Allow")).contains("GET, HEAD, POST");
        assertThat(post("/login", "text/plain", "a=1").statusCode()).isEqualTo(415);
        assertThat(post("/login", FORM + "; charset=utf-8", "a=1").statusCode()).isEqualTo(403);
        assertThat(post("/login", FORM, "a=" + "x".repeat(4_094)).statusCode()).isEqualTo(403);
        assertThat(post("/login", FORM, "a=" + "x".repeat(4_095)).statusCode()).isEqualTo(413);
        assertThat(post("/login", FORM, "a=%zz").statusCode()).isEqualTo(400);
        assertThat(send(request("/login").method("HEAD", HttpRequest.BodyPublishers.noBody())).body()).isEmpty();
    }

    @Test
    void visitorsAreForgottenAndEndNoSession() throws IOException {
        Catalogue catalogue = Catalogue.load();
        CustomerArea area = new CustomerArea(CustomerPages.of(catalogue, new PageLayout(catalogue)),
                Validity.STANDARD, clock::get);
        Personal form = form(area, Optional.empty());
        Personal customer = sent(area, form, id(form));
        Personal early = form(area, Optional.empty());
        List<Personal> later = new ArrayList<>();
        for (int visitor = 0; visitor < 1_000; visitor++) {
            later.add(form(area, Optional.empty()));
        }

        assertThat(sent(area, early, id(early)).document().status()).as("forgotten").isEqualTo(403);
        assertThat(sent(area, later.getLast(), id(later.getLast())).document().status()).isEqualTo(303);
        assertThat(text(answer(area, "/account/orders", id(customer), Optional.empty()))).contains("My orders</h1>");
    }

    private static Personal form(CustomerArea area, Optional<String> id) {
        return answer(area, "/login", id.orElse("none"), Optional.empty());
    }

    private static Personal sent(CustomerArea area, Personal form, String id) {
        String token = Jsoup.parse(text(form)).expectFirst("input[name=token]").val();
        return answer(area, "/login", id, Optional.of(new FormFields(Map.of("token", token, "user",
                CustomerPages.USER, "password", CustomerPages.PASSWORD))));
    }

    private static Personal answer(CustomerArea area, String path, String id, Optional<FormFields> sent) {
        return (Personal) area.answer(new Asked(path, FormFields.NONE, List.of(id), sent),
                Document.refusal(404, "none"));
    }

    private static String id(Personal answer) {
        return answer.cookie().orElseThrow().replaceAll("shop-visit=([0-9a-f]+);.*", "$1");
    }

    private static String text(Personal answer) {
        return new String(answer.document().body(), StandardCharsets.UTF_8);
    }

    @Test
    void theSearchFindsProductsThatHaveAllWords() throws Exception {
        assertThat(found("/search?q=saw")).startsWith("Coping saw").contains("Pruning saw").hasSizeBetween(2, 5);
        assertThat(found("/search?q=SAW+pruning")).containsExactly("Pruning saw");
        assertThat(found("/search?q=nuts+%26+bolts")).containsExactly("Nuts & bolts, M6, box of 100");
        assertThat(found("/search?q=")).isEmpty();
        assertThat(found("/search")).isEmpty();
        assertThat(found("/search?q=sofa")).isEmpty();
    }

    @Test
    void theSearchHasPagesOfFive() throws Exception {
        List<String> all = new ArrayList<>();
        String next = "/search?q=of";
        while (!next.isEmpty()) {
            all.addAll(found(next));
            next = page(get(next)).select("li.next a").attr("href");
        }

        assertThat(all).doesNotHaveDuplicates().hasSizeGreaterThan(5);
        assertThat(page(get("/search?q=of")).select(".total").text()).isEqualTo(all.size() + " products");
        assertThat(found("/search?q=of&page=99")).isEmpty();
        assertThat(found("/search?q=of&page=-1")).isEmpty();
    }

    @Test
    void whatIsSearchedForIsTextInThePage() throws Exception {
        String body = get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22").body();

        assertThat(body).contains("“&lt;script&gt;alert(1)&lt;/script&gt;&quot;”").doesNotContain("<script");
        assertThat(get("/search?q=" + "x".repeat(3_000)).body().length()).as("a hundred characters of it")
                .isLessThan(body.length() + 200);
    }

    @Test
    void eachPageHasTheFormsAndNoLinkBehindThem() throws Exception {
        Element home = page(get("/"));

        assertThat(home.select("form#search[action=/search] input[name=q]")).hasSize(1);
        assertThat(home.select("form#account[action=/account/orders]")).hasSize(1);
        assertThat(home.select("a[href^=/account], a[href^=/login], a[href^='/search?']")).isEmpty();
    }

    private List<String> found(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        return page(response).select("article.product h3").eachText();
    }
}
