package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import fanout.app.config.JobFile;
import fanout.app.config.JobFileReader;
import fanout.app.config.JobOverrides;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs the examples that make requests of their own, or leave out most of a site's URLs, as {@link ExamplesTest}. */
@Timeout(60)
class RequestExamplesTest {

    private static final String QUICK = "politeness.delay=10ms";
    private static final String JSON_TYPE = "application/graphql-response+json; charset=utf-8";

    private static final String API = "http://api.example.org/graphql";

    @TempDir
    private Path folder;

    private ExampleRun run;

    @BeforeEach
    void prepare() {
        run = new ExampleRun(folder);
    }

    // --- page-numbers.yaml ---

    @Test
    void pagesAreCountedUntilNothingIsListed() throws IOException {
        String site = "http://jobs.example.org";
        int pages = 23; // more than scope.maxDepth has without the file
        try (ExampleWeb web = new ExampleWeb()) {
            for (int page = 1; page <= pages + 1; page++) {
                web.page(site + "/vacancies" + (page == 1 ? "" : "?page=" + page), vacancies(page, page <= pages));
                web.page(site + "/vacancies/" + page, "<h1>Gardener " + page + "</h1><p class=town>Ely</p>"
                        + "<time datetime=2026-11-24>a week ago</time><ul class=similar><li>x</ul>");
            }

            int code = run.crawl(web, "page-numbers", "startUrls=[{url: \"" + site + "/vacancies\", label: list}]",
                    QUICK);

            assertThat(code).as(run.said()).isZero();
            assertThat(web.requested()).containsExactlyInAnyOrderElementsOf(Stream.of(
                    Stream.of(site + "/robots.txt", site + "/vacancies"),
                    IntStream.rangeClosed(2, pages + 1).mapToObj(page -> site + "/vacancies?page=" + page),
                    IntStream.rangeClosed(1, pages).mapToObj(page -> site + "/vacancies/" + page))
                    .flatMap(urls -> urls)
                    .toList());
            assertThat(run.items()).hasSize(pages)
                    .extracting(item -> item.get("title").asString(), item -> item.get("list").asString())
                    .contains(tuple("Gardener 1", site + "/vacancies"),
                            tuple("Gardener 9", site + "/vacancies?page=9"));
            assertThat(run.items()).allMatch(item -> item.get("posted").asString().equals("2026-11-24"));
            assertThat(run.report().at("/follow/0/noLinks").asInt()).as("an end is no flaw").isZero();
        }
    }

    private static String vacancies(int page, boolean any) {
        return "<h1>Vacancies</h1><ul class=vacancies>"
                + (any ? "<li><h2><a href=/vacancies/" + page + ">Gardener</a></h2>" : "")
                + "</ul><a href=/imprint>imprint</a>";
    }

    // --- graphql-cursor.yaml ---

    @Test
    void theListIsAskedForWithTheCursorOfItsLastPart() throws Exception {
        try (ExampleWeb web = new ExampleWeb()) {
            web.file(asked(null), JSON_TYPE, part("a\"1", "Saw", "Axe").getBytes(UTF_8))
                    .flaky(asked("a\"1"), JSON_TYPE, part("b2", "Hoe"))
                    .file(asked("b2"), JSON_TYPE, part("b2").getBytes(UTF_8));

            int code = run.crawl(web, "graphql-cursor", firstRequest(), QUICK, "retries.backoff=10ms");

            assertThat(code).as(run.said()).isZero();
            assertThat(web.requested()).containsExactly("http://api.example.org/robots.txt", asked(null),
                    asked("a\"1"), asked("a\"1"), asked("b2"));
            assertThat(run.items()).extracting(item -> item.get("_rule").asString(), item -> item.get("sku").asString(),
                    item -> item.get("price").asDouble())
                    .containsExactly(tuple("products", "Saw", 2.5), tuple("products", "Axe", 2.5),
                            tuple("products", "Hoe", 2.5));
        }
    }

    @Test
    void theListEndsWithACursorThatIsNull() throws Exception {
        try (ExampleWeb web = new ExampleWeb()) {
            web.file(asked(null), JSON_TYPE, part(null, "Saw").getBytes(UTF_8));

            assertThat(run.crawl(web, "graphql-cursor", firstRequest(), QUICK)).as(run.said()).isZero();

            assertThat(web.requested()).containsExactly("http://api.example.org/robots.txt", asked(null));
            assertThat(run.items()).hasSize(1);
        }
    }

    @Test
    void aQueryThatFailsIsAnItemOfItsErrors() throws Exception {
        try (ExampleWeb web = new ExampleWeb()) {
            web.file(asked(null), "application/json",
                    "{\"errors\": [{\"message\": \"no such field\"}], \"data\": null}".getBytes(UTF_8));

            assertThat(run.crawl(web, "graphql-cursor", firstRequest(), QUICK)).as(run.said()).isZero();

            assertThat(run.items()).extracting(item -> item.get("_rule").asString(),
                    item -> item.get("message").asString()).containsExactly(tuple("errors", "no such field"));
        }
    }

    /** The body that the file sends first, of which those of {@code follow} differ by the cursor alone. */
    private static String bodyOfTheFile() throws Exception {
        Path file = ExampleRun.EXAMPLES.resolve("graphql-cursor.yaml");
        try (InputStream content = Files.newInputStream(file)) {
            JobFile job = JobFileReader.read(file.toString(), content, JobOverrides.NONE, Map.of());
            return job.job().start().urls().getFirst().details().body().orElseThrow().text();
        }
    }

    /** The same start without TLS. */
    private static String firstRequest() throws Exception {
        return "startUrls=[{url: \"" + API + "\", method: POST, json: " + bodyOfTheFile() + "}]";
    }

    private static String asked(String cursor) throws Exception {
        ObjectNode body = (ObjectNode) new JsonMapper().readTree(bodyOfTheFile());
        assertThat(body.at("/variables/after").isNull()).isTrue();
        body.putObject("variables").put("after", cursor);
        return "POST " + API + " " + body;
    }

    private static String part(String cursor, String... products) {
        JsonMapper mapper = new JsonMapper();
        ObjectNode all = mapper.createObjectNode();
        ObjectNode list = all.putObject("data").putObject("products");
        list.putObject("pageInfo").put("endCursor", cursor);
        var edges = list.putArray("edges");
        for (String product : products) {
            edges.addObject().putObject("node").put("sku", product).put("title", product).put("price", 2.5);
        }
        return all.toString();
    }

    // --- product-facets.yaml ---

    @Test
    void eachProductIsReadOnceWhateverFiltersThereAre() throws IOException {
        String site = "http://shop.example.org";
        String again = "<h1>Tools</h1><div class=pager><a rel=next href=again/>next</a></div>"; // without an end
        try (ExampleWeb web = new ExampleWeb()) {
            web.page(site + "/", "<nav class=shelves><a href=/garden/>Garden</a><a href=/tools/?sid=1>Tools</a></nav>")
                    .page(site + "/garden/", list("Garden", 1, "/p/hose", "/p/rake?sid=17"))
                    .page(site + "/garden/?page=2", list("Garden", 2, "/p/rake", "/p/hose?color=red"))
                    .page(site + "/garden/?page=3", list("Garden", 0, "/p/pot"))
                    .page(site + "/tools/", again)
                    .page(site + "/tools/again/", again);
            for (String product : List.of("hose", "rake", "pot")) {
                web.page(site + "/p/" + product, """
                        <h1>A %1$s</h1><b itemprop=sku>%1$s</b><i class=price>€ 9.50</i><div class=variants>
                        <a href="?color=red">red</a><a href="?color=blue">blue</a></div>
                        <a href="/compare/?add=%1$s">compare</a>""".formatted(product));
            }

            int code = run.crawl(web, "product-facets", "startUrls=[{url: \"" + site + "/\", label: start}]", QUICK);

            assertThat(code).as(run.said()).isZero();
            assertThat(web.requested()).containsExactlyInAnyOrder(site + "/robots.txt", site + "/", site + "/garden/",
                    site + "/garden/?page=2", site + "/garden/?page=3", site + "/p/hose", site + "/p/rake",
                    site + "/p/pot", site + "/tools/", site + "/tools/again/");
            assertThat(run.items()).extracting(item -> item.get("sku").asString(), item -> item.get("shelf").asString(),
                    item -> item.get("colors").toString(), item -> item.get("price").asDouble())
                    .containsExactlyInAnyOrder(tuple("hose", "Garden", "[\"red\",\"blue\"]", 9.5),
                            tuple("rake", "Garden", "[\"red\",\"blue\"]", 9.5),
                            tuple("pot", "Garden", "[\"red\",\"blue\"]", 9.5));
        }
    }

    @Test
    void listsLeaveRoomForProducts() throws IOException {
        String site = "http://shop.example.org";
        try (ExampleWeb web = new ExampleWeb()) {
            web.page(site + "/", "<nav class=shelves><a href=/garden/>Garden</a></nav>")
                    .page(site + "/garden/", list("Garden", 1, "/p/hose"))
                    .page(site + "/garden/?page=2", list("Garden", 2, "/p/rake"))
                    .page(site + "/p/hose", "<b itemprop=sku>hose</b>")
                    .page(site + "/p/rake", "<b itemprop=sku>rake</b>");

            int code = run.crawl(web, "product-facets", "startUrls=[{url: \"" + site + "/\", label: start}]", QUICK,
                    "limits.maxPagesPerLabel.list=2");

            assertThat(code).as(run.said()).isZero();
            assertThat(web.requested()).containsExactlyInAnyOrder(site + "/robots.txt", site + "/", site + "/garden/",
                    site + "/garden/?page=2", site + "/p/hose", site + "/p/rake");
            assertThat(run.items()).hasSize(2);
            assertThat(run.report().at("/cut/labels/0/label").asString()).isEqualTo("list");
        }
    }

    /** A list with products, a pager, and filters that would never end. */
    private static String list(String shelf, int page, String... products) {
        StringBuilder html = new StringBuilder("<h1>" + shelf + "</h1><div class=products>");
        for (String product : products) {
            html.append("<h3><a href='").append(product).append("'>product</a></h3>");
        }
        html.append("</div><div class=pager>");
        if (page > 0) {
            html.append("<a rel=next href='?page=")
                    .append(page + 1)
                    .append("'>next</a>")
                    .append("<a rel=next href='?page=")
                    .append(page + 1)
                    .append("&sort=price'>next by price</a>");
        }
        html.append("</div><aside>");
        for (String color : List.of("red", "blue")) {
            html.append("<a href='?color=").append(color).append("&size=2'>").append(color).append("</a>");
        }
        return html.append("</aside>").toString();
    }
}
