package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What crawls write of pages with numbers, dates, objects, JSON-LD, and of pages that are JSON. */
class ItemsCrawlTest {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    @TempDir
    private Path folder;

    private Pages site;
    private TrialRun run;

    @BeforeEach
    void openSite() throws IOException {
        site = new Pages();
        run = new TrialRun(folder, site);
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    private int crawl(String start, String rules, String items) throws IOException {
        return run.run("crawl", run.job(site.job(start, rules)), "--progress", "none", "--pages",
                folder.resolve("pages.jsonl").toString(), "--items", folder.resolve(items).toString(), "--report",
                folder.resolve("report.json").toString());
    }

    private List<String> lines(String file) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve(file))) {
            return lines.map(line -> line.replace(site.url(""), "@")).toList();
        }
    }

    @Test
    void fieldsOfEverySourceReachTheFile() throws IOException {
        site.page("/p/saw.html", """
                <h1>Saw</h1><p class=price>€ 1,003.50</p><p class=weight>1,5 kg</p><p class=old>1e5</p>
                <time>5. März 2026</time><ul><li><b>North</b><i>9</i></li><li><i>8</i></li></ul>
                <script type="application/ld+json">{"@graph": [{"offers": {"price": 12.50}}]}</script>""");
        String rules = """
                extract:
                  - name: products
                    fields:
                      title: {css: h1}
                      price: {css: .price, type: number}
                      weight: {css: .weight, type: number, decimal: ","}
                      old: {css: .old, type: number}
                      published: {css: time, type: date, format: d. MMMM yyyy, locale: de}
                      offer: {json: /offers/price, type: number}
                      currency: {value: EUR}
                      page: {from: url, regex: "([a-z]+)[.]html$"}
                      shops: {each: li, fields: {name: {css: b, required: true}, count: {css: i, type: integer}}}
                """;
        assertThat(crawl("/p/saw.html", rules, "items.jsonl")).as(run.err()).isZero();
        assertThat(lines("items.jsonl"))
                .containsExactly("{\"_url\":\"@/p/saw.html\",\"_rule\":\"products\",\"title\":\"Saw\","
                        + "\"price\":1003.5,\"weight\":1.5,\"old\":100000,\"published\":\"2026-03-05\",\"offer\":12.5,"
                        + "\"currency\":\"EUR\",\"page\":\"saw\",\"shops\":[{\"name\":\"North\",\"count\":9}]}");

        assertThat(crawl("/p/saw.html", rules, "items.csv")).as(run.err()).isZero();
        assertThat(lines("items.csv")).containsExactly(
                "_url,_rule,title,price,weight,old,published,offer,currency,page,shops",
                "@/p/saw.html,products,Saw,1003.5,1.5,100000,2026-03-05,12.5,EUR,saw,\"[{\"\"name\"\":\"\"North\"\","
                        + "\"\"count\"\":9}]\"");
    }

    @Test
    void whatIsKnownOfAPageAndJsonInAnElementReachTheFile() throws IOException {
        Map<String, String> headers = Map.of("Content-Type", "text/html", "X-Total", "1,250");
        site.page("/list", "<title>Saws</title><script id=state>{\"next\": \"/saw\"}</script>")
                .answer("/saw", 203, headers, "<title>A saw</title><script id=state>{\"sku\": [7]}</script>");
        assertThat(crawl("/list", """
                follow: [{json: /next, in: "#state", label: product, data: {list: {from: title}}}]
                extract:
                  - name: saws
                    label: product
                    fields:
                      sku: {json: /sku/0, in: "script#state", type: integer}
                      title: {from: title}
                      label: {from: label}
                      from: {from: referrer}
                      depth: {from: depth}
                      status: {from: status}
                      total: {from: "header:x-total", type: integer}
                      list: {from: data.list}
                """, "items.jsonl")).as(run.err()).isZero();
        assertThat(lines("items.jsonl")).containsExactly("{\"_url\":\"@/saw\",\"_rule\":\"saws\",\"sku\":7,"
                + "\"title\":\"A saw\",\"label\":\"product\",\"from\":\"@/list\",\"depth\":1,\"status\":203,"
                + "\"total\":1250,\"list\":\"Saws\"}");
    }

    @Test
    void theTimeOfTheFetchIsThatOfTheLineOfThePage() throws IOException {
        site.page("/", "<h1>x</h1>");
        assertThat(crawl("/", "extract: [{name: a, fields: {h: {css: h1}, at: {from: fetchedAt}}}]\n", "items.jsonl"))
                .isZero();
        JsonMapper json = new JsonMapper();
        assertThat(json.readTree(lines("items.jsonl").getFirst()).get("at"))
                .isEqualTo(json.readTree(lines("pages.jsonl").getFirst()).get("fetchedAt"));
    }

    @Test
    void anInterfaceOfJsonIsWalkedPageByPage() throws IOException {
        site.answer("/api", 200, JSON,
                "{\"items\": [{\"id\": 1, \"url\": \"/api/1\"}, {\"id\": 2, \"url\": \"/api/2\"}], \"next\": "
                        + "\"/api/more\"}")
                .answer("/api/more", 200, JSON, "{\"items\": [{\"id\": 3, \"url\": \"/api/3\"}], \"next\": null}")
                .answer("/api/1", 200, JSON, "{\"name\": \"Saw\"}")
                .answer("/api/2", 200, Map.of("Content-Type", "application/hal+json"), "{\"name\": \"Axe\"}")
                .answer("/api/3", 200, JSON, "{\"name\": \"File\",\n \"size\": }");
        assertThat(crawl("/api", """
                parse: {contentTypes: [application/json, application/hal+json]}
                follow: [{json: /next}, {json: /items, attr: url, label: product}]
                extract:
                  - {name: list, each: {json: /items}, fields: {id: {json: /id, type: integer}}}
                  - {name: product, label: product, fields: {name: {json: /name}}}
                """, "items.jsonl")).as(run.err()).isZero();

        assertThat(lines("items.jsonl")).containsExactlyInAnyOrder(
                "{\"_url\":\"@/api\",\"_rule\":\"list\",\"id\":1}", "{\"_url\":\"@/api\",\"_rule\":\"list\",\"id\":2}",
                "{\"_url\":\"@/api/more\",\"_rule\":\"list\",\"id\":3}",
                "{\"_url\":\"@/api/1\",\"_rule\":\"product\",\"name\":\"Saw\"}",
                "{\"_url\":\"@/api/2\",\"_rule\":\"product\",\"name\":\"Axe\"}");
        List<JsonNode> failed = lines("pages.jsonl").stream()
                .map(new JsonMapper()::readTree)
                .filter(page -> page.get("outcome").asString().equals("failed"))
                .toList();
        assertThat(failed).hasSize(1);
        assertThat(failed.getFirst().get("url").asString()).isEqualTo("@/api/3");
        assertThat(failed.getFirst().get("reason").asString()).isEqualTo("parse");
        assertThat(failed.getFirst().get("detail").asString()).startsWith("not JSON: line 2, column 10: ");
    }
}
