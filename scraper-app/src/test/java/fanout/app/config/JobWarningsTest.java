package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JobWarningsTest {

    @Test
    void whatCannotWorkIsNamedWithItsPlace() throws Exception {
        assertThat(JobFiles.read("""
                name: docs
                startUrls: [{url: "http://example.org/", label: start}]
                scope: {include: ['^/x', '/y'], exclude: ['^/z']}
                follow: [{css: a, label: page}]
                extract:
                  - {name: a, label: start, match: '^/p', fields: {t: {css: h1}}}
                  - {name: b, label: page, fields: {t: {css: h1}}}
                  - {name: a, label: other, fields: {t: {css: h1}}}
                limits: {maxPagesPerLabel: {page: 3, pages: 4}}
                """).warnings()).containsExactly(
                "job.yaml:3:19: include \"^/x\" is found in no URL, because a URL begins with http:// or https://; "
                        + "leave out the ^",
                "job.yaml:3:43: exclude \"^/z\" is found in no URL, because a URL begins with http:// or https://; "
                        + "leave out the ^",
                "job.yaml:6:36: match \"^/p\" is found in no URL, because a URL begins with http:// or https://; "
                        + "leave out the ^",
                "job.yaml:8:12: a second rule is named a; first at line 6; _rule does not distinguish their items",
                "job.yaml:8:22: no page has the label other: no start URL and no follow rule gives it",
                "job.yaml:9:38: no page has the label pages: no start URL and no follow rule gives it");
    }

    @Test
    void fieldsOfJsonWithoutATypeAreWarnedOfOnceForEachRule() throws Exception {
        String words = "say by jsonld which JSON-LD is meant, as in {jsonld: Product, json: /name}: ";
        String block =
                " read from one block of an HTML page, the first that has all required fields, otherwise the one "
                        + "with the most";
        assertThat(JobFiles
                .read("""
                        name: docs
                        startUrls: ["http://example.org/"]
                        extract:
                          - {name: a, fields: {n: {json: /n}, o: {fields: {s: {json: /s}, l: {each: {json: /l}, fields: {x: {json: /x}}}}}}}
                          - {name: b, each: article, fields: {n: {json: /n}, s: {jsonld: Product, json: /s}}}
                          - {name: c, fields: {n: {json: /n}}}
                          - {name: d, each: {json: /all}, fields: {n: {json: /n}, s: {json: /s}}}
                          - {name: e, fields: {n: {jsonld: A, json: /n}, s: {jsonld: Product, json: /s}}}
                        """)
                .warnings()).containsExactly(
                        "job.yaml:4:28: " + words + "n, o.s, o.l have no jsonld and are" + block,
                        "job.yaml:5:43: " + words + "n has no jsonld and is" + block);
        String rules =
                "name: docs\nstartUrls: [\"http://example.org/\"]\nextract: [{name: a, fields: {n: {json: /n}, s: "
                        + "{json: /s}}}]\n";
        assertThat(JobFiles.read(rules + "parse: {contentTypes: [application/json, x/y+json]}\n")
                .warnings()).as("pages that are JSON have one block").isEmpty();
        assertThat(JobFiles.read(rules + "parse: {contentTypes: [application/json, text/html]}\n")
                .warnings()).hasSize(1);
    }

    @Test
    void identityThatLooksLikeAMisspeltFieldIsAWarning() throws Exception {
        String job = """
                name: test
                startUrls: ["http://example.org/"]
                follow:
                  - {form: form, fields: {page: 1, query: a, q: b}, identity: [%s]}
                """;

        assertThat(JobFiles.read(job.formatted("pgae, query")).warnings()).containsExactly("job.yaml:4:64: identity "
                + "has pgae, which is not in fields; did you mean page? It counts only where the form of a page has "
                + "it");
        assertThat(JobFiles.read(job.replace("{page: 1", "{r: [], s: null").formatted("r, s, q")).warnings())
                .containsExactly("job.yaml:4:71: identity has r, by which fields sends nothing",
                        "job.yaml:4:74: identity has s, by which fields sends nothing");
        for (String sound : List.of("page, pages", "p, q", "p", "__VIEWSTATE, query", "")) {
            assertThat(JobFiles.read(job.formatted(sound)).warnings()).as(sound).isEmpty();
        }
    }

    @Test
    void jobWithoutSuchMistakesHasNone() throws Exception {
        assertThat(JobFiles.read("""
                name: docs
                startUrls: ["http://example.org/"]
                extract: [{name: a, fields: {t: {css: h1}}}]
                """).warnings()).isEmpty();
    }

    @Test
    void startUrlThatNetworkRefusesIsNamedOnce() throws Exception {
        String job =
                """
                        name: docs
                        startUrls: ["http://127.0.0.1:81/a", {url: "http://127.0.0.1:81/b"}, "http://[::1]/", "http://127.0.0.2/"]
                        sitemaps: ["http://localhost/sitemap.xml", "http://93.184.216.34/"]
                        network: {allowedCidrs: ["127.0.0.2"]%s}
                        """;
        String end = ", so nothing is fetched there; allow it by network: {allowedCidrs: [\"";
        assertThat(JobFiles.read(job.formatted("")).warnings()).containsExactly(
                "job.yaml:2:13: network refuses the address 127.0.0.1" + end + "127.0.0.1\"]}",
                "job.yaml:2:70: network refuses the address 0:0:0:0:0:0:0:1" + end + "0:0:0:0:0:0:0:1\"]}",
                "job.yaml:3:12: network refuses the address 127.0.0.1" + end + "127.0.0.1\"]}");
        assertThat(JobFiles.read(job.formatted(", allowPrivateAddresses: true")).warnings()).isEmpty();
        assertThat(JobFiles.read(job.formatted("") + "http: {proxy: \"http://127.0.0.2:3128\"}\n").warnings())
                .isEmpty();
    }
}
