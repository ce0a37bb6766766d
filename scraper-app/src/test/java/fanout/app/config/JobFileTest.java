package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fanout.app.config.Output.Format;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.FollowRule;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Selector;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobFileTest {

    private static final String SMALL = "name: docs\nstartUrls: [http://127.0.0.1:8081/index.html]\n";

    @Test
    void aSmallJobHasEveryDefault() throws Exception {
        JobFile file = read(SMALL);

        assertThat(file.job()).usingRecursiveComparison()
                .isEqualTo(
                        CrawlJob.builder("docs").startUrl("http://127.0.0.1:8081/index.html").build());
        assertThat(file.outputs()).isEqualTo(new Outputs(
                new Output(Path.of("out/docs/pages.jsonl"), Format.JSON_LINES),
                new Output(Path.of("out/docs/items.jsonl"), Format.JSON_LINES),
                new Output(Path.of("out/docs/report.json"), Format.JSON_LINES)));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        JobFile file = read("""
                version: 1
                name: all
                startUrls: [{url: "http://127.0.0.1/a", label: start}, http://127.0.0.1/b]
                sitemaps: [http://127.0.0.1/sitemap.xml]
                scope: {allowedDomains: [example.org, "127.0.0.1:81"], include: [a, b], exclude: [c], maxDepth: 0}
                limits: {maxPages: 1, maxUrls: 2, maxLinksPerPage: 3, maxUrlLength: 4KiB, maxDuration: 5m,
                         requestTimeout: 1.5s, maxBodySize: 7MiB, maxRedirects: 0}
                concurrency: 9
                politeness: {perHostConcurrency: 1, delay: 0, autoThrottle: false, maxDelay: PT2S, maxRetryAfter: 3s,
                             obeyRobots: false, obeyNofollow: false, maxCrawlDelay: 4s, maxRequestsPerSecond: 5,
                             hosts: {a.example.org: {delay: 1s}, "127.0.0.1:81": {perHostConcurrency: 7}}}
                retries: {maxAttempts: 1, backoff: 2ms, maxBackoff: 3ms}
                circuitBreaker: {failureRateThreshold: 1, window: 2, openFor: 3s, maxOpenings: 4}
                http: {userAgent: me/1, headers: {X-A: b}, cookies: false, proxy: "http://127.0.0.1:3128"}
                network: {allowPrivateAddresses: true, allowedCidrs: [10.0.0.0/8]}
                parse: {contentTypes: [text/plain]}
                follow: [{css: li a, label: page}, {xpath: //b, attr: src}]
                extract:
                  - name: products
                    match: /p/
                    label: page
                    each: article
                    fields:
                      title: {css: h3, attr: title, regex: "(.*)", type: html, list: true, required: true}
                      link: {xpath: //a/@href, type: url}
                output: {pages: a/pages.csv, items: {path: a/items.txt, format: csv}, report: r.json, flushTimeout: 1h}
                x-mine: {anything: [goes]}
                """);
        CrawlJob job = file.job();

        assertThat(job.startUrls()).extracting(start -> start.url() + " " + start.label().orElse("-"))
                .containsExactly("http://127.0.0.1/a start", "http://127.0.0.1/b -");
        assertThat(job.sitemaps()).containsExactly(CanonicalUrl.of("http://127.0.0.1/sitemap.xml"));
        assertThat(job.scope().covers(new Host("www.example.org", 99))).isTrue();
        assertThat(job.scope().covers(new Host("127.0.0.1", 80))).isFalse();
        assertThat(job.scope().include()).extracting(Object::toString).containsExactly("a", "b");
        assertThat(job.scope().exclude()).extracting(Object::toString).containsExactly("c");
        assertThat(job.scope().maxDepth()).isZero();
        assertThat(job.limits()).isEqualTo(new Limits(1, 2, 3, 4096, Duration.ofMinutes(5), Duration.ofMillis(1500),
                7 << 20, 0));
        assertThat(job.concurrency()).isEqualTo(9);
        Politeness politeness = job.politeness();
        assertThat(politeness.manners())
                .isEqualTo(new Politeness.Manners(1, Duration.ZERO, false, Duration.ofSeconds(2)));
        assertThat(politeness.mannersFor(new Host("a.example.org", 80)).delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(politeness.mannersFor(new Host("127.0.0.1", 81)).perHostConcurrency()).isEqualTo(7);
        assertThat(List.of(politeness.maxRetryAfter().toSeconds(), politeness.maxCrawlDelay().toSeconds(),
                (long) politeness.maxRequestsPerSecond())).containsExactly(3L, 4L, 5L);
        assertThat(politeness.obeyRobots() || politeness.obeyNofollow()).isFalse();
        assertThat(job.retries().toString()).contains("1", "0.002", "0.003");
        assertThat(job.circuitBreaker().toString()).contains("1", "2", "PT3S", "4");
        assertThat(job.http().headers()).containsOnly(Map.entry("X-A", "b"));
        assertThat(job.http().userAgent()).isEqualTo("me/1");
        assertThat(job.http().cookies()).isFalse();
        assertThat(job.http().proxy().orElseThrow().port()).isEqualTo(3128);
        assertThat(job.network().allowPrivateAddresses()).isTrue();
        assertThat(job.network().allowedCidrs()).hasSize(1);
        assertThat(job.contentTypes()).containsExactly("text/plain");
        assertThat(job.follow().orElseThrow()).containsExactly(
                new FollowRule(new Selector.Css("li a"), "href", Optional.of("page")),
                new FollowRule(new Selector.XPath("//b"), "src", Optional.empty()));
        ExtractRule rule = job.extract().getFirst();
        assertThat(rule.match().orElseThrow().pattern()).isEqualTo("/p/");
        assertThat(rule.fields()).extracting(ExtractRule.Field::name).containsExactly("title", "link");
        assertThat(rule.fields().getFirst().type()).isEqualTo(ExtractRule.Type.HTML);
        assertThat(rule.fields().getFirst().list() && rule.fields().getFirst().required()).isTrue();
        assertThat(job.flushTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(file.outputs().pages()).isEqualTo(new Output(Path.of("a/pages.csv"), Format.CSV));
        assertThat(file.outputs().items()).isEqualTo(new Output(Path.of("a/items.txt"), Format.CSV));
        assertThat(file.outputs().report().path()).isEqualTo(Path.of("r.json"));
    }

    @Test
    void theSameAsJsonIsTheSameJob() throws Exception {
        String json = "{\n\t\"name\": \"docs\",\n\t\"startUrls\": [\"http:\\/\\/127.0.0.1:8081\\/index.html\"],"
                + "\r\n\t\"http\": {\"proxy\": null}, \"follow\": []\n}\n";

        assertThat(read(json).job()).usingRecursiveComparison()
                .isEqualTo(CrawlJob.builder("docs")
                        .startUrl("http://127.0.0.1:8081/index.html")
                        .follow(List.of())
                        .build());
    }

    @Test
    void sitemapsMayBeTakenFromRobotsTxt() throws Exception {
        assertThat(read(SMALL + "sitemaps: auto\n").job().sitemapsFromRobots()).isTrue();
    }

    @Test
    void allProblemsAreReportedAtOnceWithTheirPlaces() {
        assertThat(problems("""
                name: a b
                startUrls:
                  - ftp://127.0.0.1/
                  - http://user:secret@127.0.0.1/
                limits:
                  maxPages: 0
                  maxDuraton: 1h
                politeness: {delay: 250, maxDelay: soon}
                scope: {include: ["(a"], allowedDomains: [a/b]}
                follow: [{css: "a["}]
                extract:
                  - name: x
                    fields:
                      f: {xpath: "//["}
                      g: {css: a, type: strng}
                http: {headers: {Host: a, X-A: 5}}
                output: {pages: a.txt}
                concurency: 5
                """)).satisfiesExactly(
                p -> assertThat(p).startsWith("job.yaml:1:7: name must be 1 to 100 letters"),
                p -> assertThat(p).startsWith("job.yaml:3:5: startUrls must be an absolute http or https URL"),
                p -> assertThat(p).startsWith("job.yaml:4:5: startUrls must be an absolute http or https URL")
                        .doesNotContain("secret"),
                p -> assertThat(p).startsWith("job.yaml:6:13: maxPages must be between 1 and"),
                p -> assertThat(p).isEqualTo("job.yaml:7:3: unknown key \"maxDuraton\"; did you mean \"maxDuration\"?"),
                p -> assertThat(p).startsWith("job.yaml:8:21: delay must be a duration").endsWith("not 250"),
                p -> assertThat(p).startsWith("job.yaml:8:36: maxDelay must be a duration"),
                p -> assertThat(p).startsWith("job.yaml:9:19: not an RE2 pattern: \"(a\""),
                p -> assertThat(p).startsWith("job.yaml:9:43: not a domain"),
                p -> assertThat(p).startsWith("job.yaml:10:16: not a CSS selector: a["),
                p -> assertThat(p).startsWith("job.yaml:14:18: not an XPath expression: //["),
                p -> assertThat(p).startsWith("job.yaml:15:25: type must be one of string, number"),
                p -> assertThat(p).startsWith("job.yaml:16:24: http.headers.Host is set by the HTTP client"),
                p -> assertThat(p).isEqualTo("job.yaml:16:32: X-A must be text, not 5; as text it is written \"5\""),
                p -> assertThat(p).startsWith("job.yaml:17:17: \"a.txt\" must end in .jsonl or .csv"),
                p -> assertThat(p)
                        .isEqualTo("job.yaml:18:1: unknown key \"concurency\"; did you mean \"concurrency\"?"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: 1\\na: 2                    | 2:1: duplicate key "a"; first at line 1
            a: &x 1\\nb: *x                | 2:4: aliases are not allowed: *x
            a: !!str 1                     | 1:4: tags are not allowed
            a: 1\\n---\\nb: 2              | 2:1: a second document begins here
            a: [                           | 1:5: not valid YAML
            - a                            | 1:1: a job must be a mapping, as in name: docs, not a list
            # nothing                      | 1:1: is empty
            ? [a]\\n: 1                    | 1:3: a key must be text, not a list
            startUrls: []                  | 1:1: "name" is missing
            name: docs                     | 1:1: "startUrls" or "sitemaps" is missing
            name: a/b                      | name must be 1 to 100 letters
            version: 2                     | 1:10: version must be 1, not 2
            extract: [{fields: {}}]        | 1:11: "name" is missing
            extract: [{name: a, fields: {b: {}}}] | needs either css or xpath
            limits: []                     | limits must be a mapping, not a list
            limits: {maxPages: 1.5}        | maxPages must be a whole number, not 1.5
            limits: {maxPages: 99999999999999999999} | maxPages must be between
            limits: {maxBodySize: 2MB}     | maxBodySize must be a size
            limits: {maxDuration: 0s}      | maxDuration must be a duration longer than 0
            politeness: {obeyRobots: yes}  | obeyRobots must be true or false, not "yes"
            retries: {backoff: 2m}         | retries.maxBackoff must be at least
            http: {proxy: "https://a:1"}   | proxy must be the URL of an HTTP proxy
            network: {allowedCidrs: [a]}   | 1:26:
            output: {pages: a.jsonl, items: ./a.jsonl} | items and pages are both written to
            output: {pages: "-", items: "-"} | items and pages are both written to "-"
            <<: {a: 1}                     | unknown key "<<"
            """)
    void whatIsWrongIsRefused(String job, String problem) {
        assertThat(problems(job.replace("\\n", "\n"))).anyMatch(found -> found.contains(problem));
    }

    @Test
    void hugeAndDeepFilesAreRefused() {
        assertThat(problems(SMALL + "x-a: " + "a".repeat(1 << 20)))
                .containsExactly("job.yaml:1:1: is longer than 1 MiB");
        assertThat(problems(SMALL + "x-a: " + "[".repeat(49) + "]".repeat(49))).isEmpty();
        assertThat(problems(SMALL + "x-a: " + "[".repeat(50) + "]".repeat(50)).getFirst())
                .contains("nested deeper than 50 levels");
        assertThat(problems(SMALL + "x-a: " + "[".repeat(100_000)).getFirst()).contains("nested deeper than 50 levels");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        BadJobException refused = catchThrowableOfType(BadJobException.class, () -> JobFileReader.read("job.yaml",
                new ByteArrayInputStream(new byte[]{'a', (byte) 0xff}), JobOverrides.NONE,
                Map.of()));
        assertThat(refused.problems()).containsExactly("job.yaml:1:1: is not UTF-8; save it as UTF-8");
    }

    @Test
    void optionsOfTheCommandLineWin() throws Exception {
        JobFile file = read(SMALL + "limits: {maxPages: 5}\noutput: {pages: a.csv}\n",
                List.of("limits.maxPages=7", "limits.maxUrls=8", "politeness.hosts.\"a.example.org\".delay=5s",
                        "startUrls=[http://127.0.0.2/]", "output.pages=b.csv", "output.report=r=1.json",
                        "limits.maxPages=9"),
                Map.of("pages", "-"), Map.of());

        assertThat(file.job().limits().maxPages()).isEqualTo(9);
        assertThat(file.job().limits().maxUrls()).isEqualTo(8);
        assertThat(file.job().startUrls()).extracting(start -> start.url().toString())
                .containsExactly("http://127.0.0.2/");
        assertThat(file.job().politeness().mannersFor(new Host("a.example.org", 80)).delay()).hasSeconds(5);
        assertThat(file.outputs().pages().isStandardOutput()).isTrue();
        assertThat(file.outputs().report().path()).isEqualTo(Path.of("r=1.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limits", "limits.maxPages", "=1", "limits..maxPages=1", "name.a=1", "limits.maxPage=1",
        "limits.maxPages=x", "name=[", "name=*a",
        "http.headers.\"Authorization=Bearer s3cret"})
    void badSettingsAreProblemsOfTheOption(String set) {
        BadJobException refused = catchThrowableOfType(BadJobException.class,
                () -> read(SMALL, List.of(set), Map.of(), Map.of()));
        assertThat(refused.problems().getFirst()).startsWith("--set " + set.replaceFirst("=.*", "") + ":");
    }

    @Test
    void environmentVariablesAreReplacedInValuesAfterParsing() throws Exception {
        JobFile file = read("""
                name: ${NAME}
                startUrls: ["${SITE}/a", 'http://127.0.0.1/$${x}']
                limits:
                  maxPages: ${PAGES}
                  x-a: ${NOBODY}
                http: {headers: {X-A: "a $${NAME} ${NAME}$"}}
                """, List.of(), Map.of(),
                Map.of("NAME", "docs", "SITE", "http://127.0.0.1", "PAGES", "7"));

        assertThat(file.job().name()).isEqualTo("docs");
        assertThat(file.job().startUrls().getFirst().url()).hasToString("http://127.0.0.1/a");
        assertThat(file.job().startUrls().getLast().url().toString()).contains("$%7Bx%7D");
        assertThat(file.job().limits().maxPages()).isEqualTo(7);
        assertThat(file.job().http().headers()).containsEntry("X-A", "a ${NAME} docs$");
    }

    @Test
    void aReplacedValueCannotBringKeysAndIsNeverShown() {
        Map<String, String> environment = Map.of("EVIL", "1\nconcurrency: 2", "TOKEN", "s3cret\u00e9");
        BadJobException refused = catchThrowableOfType(BadJobException.class, () -> read(SMALL
                + "limits: {maxPages: \"${EVIL}\"}\nhttp: {headers: {X-A: \"${TOKEN}\", X-B: \"${NOBODY}\", X-C: \"${1}\"}}\n",
                List.of(), Map.of(), environment));

        assertThat(refused.problems()).hasSize(4)
                .noneMatch(problem -> problem.contains("s3cret"))
                .anyMatch(problem -> problem.contains("(from the environment)"))
                .anyMatch(problem -> problem.contains("the environment variable NOBODY is not set"))
                .anyMatch(problem -> problem.contains("not the name of an environment variable: ${1}"));
    }

    @Test
    void linksToOneFileAreOnePath(@TempDir Path folder) throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder);

        assertThat(problems(SMALL + "output: {pages: " + folder + "/a.jsonl, items: " + folder + "/link/a.jsonl}"))
                .singleElement()
                .asString()
                .contains("items and pages are both written to");
        assertThat(problems(SMALL + "output: {pages: /dev/null, items: /dev/null}")).isEmpty();
    }

    @Test
    void aSecondNameOfAFileAndALinkToWhereItWillBeAreThatFile(@TempDir Path folder) throws IOException {
        Files.createLink(folder.resolve("b.jsonl"), Files.createFile(folder.resolve("a.jsonl")));
        Files.createSymbolicLink(folder.resolve("d.jsonl"), Path.of("c.jsonl"));

        for (String two : List.of("pages: F/a.jsonl, items: F/b.jsonl", "pages: F/c.jsonl, items: F/d.jsonl")) {
            assertThat(problems(SMALL + "output: {" + two.replace("F", folder.toString()) + "}")).singleElement()
                    .asString()
                    .contains("items and pages are both written to");
        }
    }

    @Test
    void numberFromTheEnvironmentMayStandInQuotes() throws BadJobException, IOException {
        Map<String, String> five = Map.of("N", "5", "YES", "false");

        CrawlJob job = read(SMALL + "limits: {maxPages: \"${N}\"}\nhttp: {cookies: \"${YES}\", userAgent: \"${N}\"}",
                List.of(), Map.of(), five).job();

        assertThat(job.limits().maxPages()).isEqualTo(5);
        assertThat(job.http().cookies()).isFalse();
        assertThat(job.http().userAgent()).isEqualTo("5");
    }

    private static JobFile read(String yaml) throws BadJobException, IOException {
        return read(yaml, List.of(), Map.of(), Map.of());
    }

    private static JobFile read(String yaml, List<String> sets, Map<String, String> files,
            Map<String, String> environment)
            throws BadJobException, IOException {
        return JobFileReader.read("job.yaml", new ByteArrayInputStream(yaml.getBytes(UTF_8)),
                new JobOverrides(sets, files),
                environment);
    }

    private static List<String> problems(String yaml) {
        try {
            read(yaml);
            return List.of();
        } catch (BadJobException e) {
            return e.problems();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
