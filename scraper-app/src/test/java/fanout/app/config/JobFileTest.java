package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.config.Output.Format;
import fanout.job.CrawlJob;
import fanout.job.DatePattern;
import fanout.job.DecimalMark;
import fanout.job.Expectations;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Reading;
import fanout.job.Selector;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import fanout.url.SkippedExtensions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobFileTest {

    @Test
    void aSmallJobHasEveryDefault() throws Exception {
        JobFile file = JobFiles.read(JobFiles.SMALL);

        assertThat(file.job()).usingRecursiveComparison()
                .isEqualTo(
                        CrawlJob.builder("docs").startUrl("http://127.0.0.1:8081/index.html").build());
        assertThat(file.outputs()).isEqualTo(new Outputs(
                new Output.File(Path.of("out/docs/pages.jsonl"), Format.JSON_LINES),
                new Output.File(Path.of("out/docs/items.jsonl"), Format.JSON_LINES),
                new Output.File(Path.of("out/docs/report.json"), Format.JSON_LINES),
                Optional.of(Path.of("out/docs/crawl.journal")),
                1));
    }

    @Test
    void noExtensionIsSkippedIfTheListIsEmpty() throws Exception {
        assertThat(JobFiles.read(JobFiles.SMALL + "scope: {skipExtensions: []}").job().scope().skipExtensions())
                .isEqualTo(SkippedExtensions.NONE);
        assertThat(JobFiles.read(JobFiles.SMALL).job().scope().skipExtensions()).isEqualTo(SkippedExtensions.USUAL);
    }

    @Test
    void integersAreThoseOfYaml() throws Exception {
        String job = JobFiles.SMALL + "limits: {maxPages: 0o17, maxUrls: 0x1F, maxRedirects: +7}\n";
        assertThat(JobFiles.read(job).job().limits().maxPages()).isEqualTo(15);
        assertThat(JobFiles.read(job).job().limits().maxUrls()).isEqualTo(31);
        assertThat(JobFiles.read(job).job().limits().maxRedirects()).isEqualTo(7);
    }

    @Test
    void aJobMayHaveOneMebibyte() throws Exception {
        String job = JobFiles.SMALL + "# " + "x".repeat((1 << 20) - JobFiles.SMALL.length() - 2);
        assertThat(job).hasSize(1 << 20);
        assertThat(JobFiles.read(job).job().name()).isEqualTo("docs");
        assertThat(JobFiles.problems(job + "x")).singleElement().asString().contains("longer than 1 MiB");
    }

    /** What stands before a mistake in the markup is looked at all the same. */
    @Test
    void aMistakeInTheMarkupHidesNoOther() {
        assertThat(JobFiles.problems("bogus: 1\nname: docs\nstartUrls: [\"a\n")).hasSizeGreaterThan(1)
                .first()
                .asString()
                .startsWith("job.yaml:1:1: unknown key \"bogus\"");
    }

    @Test
    void everyKeyIsRead() throws Exception {
        JobFile file = JobFiles
                .read("""
                        version: 1
                        name: all
                        startUrls: [{url: "http://127.0.0.1/a", label: start}, http://127.0.0.1/b]
                        sitemaps: [http://127.0.0.1/sitemap.xml]
                        scope: {allowedDomains: [example.org, "127.0.0.1:81"], include: [a, b], exclude: [c], maxDepth: 0,
                          dropParameters: ["utm_*", sid], skipExtensions: [PDF, zip]}
                        limits: {maxPages: 1, maxPagesPerHost: 8, maxPagesPerLabel: {page: 5, start: 4}, maxUrls: 2,
                                 maxLinksPerPage: 3, maxUrlLength: 4KiB,
                                 maxDuration: 5m, requestTimeout: 1.5s, maxBodySize: 7MiB, maxRedirects: 0, maxFailedPercent: 50}
                        concurrency: 9
                        politeness: {perHostConcurrency: 1, delay: 0, autoThrottle: false, maxDelay: PT2S, maxRetryAfter: 3s,
                                     obeyRobots: false, obeyNofollow: false, maxCrawlDelay: 4s, maxRequestsPerSecond: 5,
                                     hosts: {a.example.org: {delay: 1s}, "127.0.0.1:81": {perHostConcurrency: 7}}}
                        retries: {maxAttempts: 1, backoff: 2ms, maxBackoff: 3ms}
                        circuitBreaker: {failureRateThreshold: 1, window: 2, openFor: 3s, maxOpenings: 4}
                        http: {userAgent: me/1, headers: {X-A: b}, cookies: false, proxy: "http://127.0.0.1:3128"}
                        network: {allowPrivateAddresses: true, allowedCidrs: [10.0.0.0/8]}
                        parse: {contentTypes: [text/plain], charset: Windows-1251}
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

        assertThat(job.start().urls()).extracting(start -> start.url() + " " + start.label().orElse("-"))
                .containsExactly("http://127.0.0.1/a start", "http://127.0.0.1/b -");
        assertThat(job.start().sitemaps()).containsExactly(CanonicalUrl.of("http://127.0.0.1/sitemap.xml"));
        assertThat(job.scope().covers(new Host("www.example.org", 99))).isTrue();
        assertThat(job.scope().covers(new Host("127.0.0.1", 80))).isFalse();
        assertThat(job.scope().include()).extracting(Object::toString).containsExactly("a", "b");
        assertThat(job.scope().exclude()).extracting(Object::toString).containsExactly("c");
        assertThat(job.scope().maxDepth()).isZero();
        assertThat(job.scope().dropParameters().names()).containsExactly("utm_*", "sid");
        assertThat(job.scope().skipExtensions().names()).containsExactly("pdf", "zip");
        assertThat(job.limits()).isEqualTo(new Limits(1, 2, 3, 4096, Duration.ofMinutes(5), Duration.ofMillis(1500),
                7 << 20, 0, 50, OptionalLong.of(8), new TreeMap<>(Map.of("page", 5L, "start", 4L))));
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
        assertThat(job.parsing().contentTypes()).containsExactly("text/plain");
        assertThat(job.parsing().charset()).contains("Windows-1251");
        assertThat(job.parsing().follow().orElseThrow()).containsExactly(
                new FollowRule(new Selector.Css("li a"), "href", Optional.of("page")),
                new FollowRule(new Selector.XPath("//b"), "src", Optional.empty()));
        ExtractRule rule = job.parsing().extract().getFirst();
        assertThat(rule.match().orElseThrow()).hasToString("/p/");
        assertThat(rule.fields()).extracting(Field::name).containsExactly("title", "link");
        assertThat(rule.fields().getFirst().required()).isTrue();
        assertThat(rule.fields().getFirst().source()).isInstanceOfSatisfying(Field.Selected.class, title -> {
            assertThat(title.list()).isTrue();
            assertThat(title.reading().type()).isEqualTo(Reading.Type.HTML);
        });
        assertThat(job.flushTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(file.outputs().pages()).containsExactly(new Output.File(Path.of("a/pages.csv"), Format.CSV));
        assertThat(file.outputs().items()).containsExactly(new Output.File(Path.of("a/items.txt"), Format.CSV));
        assertThat(file.outputs().report().path()).isEqualTo(Path.of("r.json"));
    }

    @Test
    void everyExpectationIsRead() throws Exception {
        String rules = JobFiles.SMALL + "extract: [{name: a.b, fields: {c: {css: b}, d: {css: c}}}]\n";
        Expectations all = JobFiles.read(rules + """
                expect: {minPages: 1, minItems: 0, filled: {a.b.d: 0, a.b.c: 100}, maxChangePercent: 200, x-why: mine}
                """).job().expectations();

        assertThat(all).isEqualTo(Expectations.NONE.withMinPages(1)
                .withMinItems(0)
                .withFilled("a.b", "d", 0)
                .withFilled("a.b", "c", 100)
                .withMaxChangePercent(200));
        assertThat(all.filled().keySet()).containsExactly("a.b.d", "a.b.c");
        assertThat(JobFiles.read(rules).job().expectations().isNothing()).isTrue();
    }

    @Test
    void aConstantIsAsLargeAsItIsWritten() throws Exception {
        CrawlJob job = JobFiles.read(JobFiles.SMALL + """
                extract:
                  - name: numbers
                    fields: {most: {value: 9223372036854775807}, more: {value: 9223372036854775808}}
                """).job();
        assertThat(job.parsing().extract().getFirst().fields()).extracting(Field::source)
                .containsExactly(new Field.Constant(Long.MAX_VALUE),
                        new Field.Constant(new BigInteger("9223372036854775808")));
    }

    @Test
    void everySourceOfAFieldIsRead() throws Exception {
        CrawlJob job = JobFiles.read(JobFiles.SMALL + """
                follow: [{json: /items, attr: /links/self}]
                extract:
                  - name: products
                    each: {json: /items}
                    fields:
                      price: {json: /price, type: number, decimal: ","}
                      date: {json: /date, type: date, format: d MMMM yyyy, locale: de}
                      currency: {value: EUR}
                      rate: {value: 1.5}
                      count: {value: 3}
                      sure: {value: true}
                      text: {value: "3"}
                      url: {from: url, regex: "/([^/]+)$"}
                      at: {from: fetchedAt}
                      maker: {fields: {name: {json: /maker}}, required: true}
                  - name: offers
                    each: {xpath: //li}
                    fields:
                      offers: {each: li, fields: {shop: {css: b}}}
                """).job();

        assertThat(job.parsing().follow().orElseThrow())
                .containsExactly(new FollowRule(new Selector.Json("/items"), "/links/self", Optional.empty()));
        ExtractRule products = job.parsing().extract().getFirst();
        assertThat(products.each()).contains(new Selector.Json("/items"));
        assertThat(products.fields().getFirst()).isEqualTo(Field.select("price", new Selector.Json("/price"))
                .type(Reading.Type.NUMBER)
                .decimal(DecimalMark.COMMA)
                .build());
        assertThat(products.fields().get(1)).isEqualTo(Field.select("date", new Selector.Json("/date"))
                .date(new DatePattern("d MMMM yyyy", Optional.of("de")))
                .build());
        assertThat(products.fields().subList(2, 7)).extracting(Field::source)
                .containsExactly(new Field.Constant("EUR"), new Field.Constant(new BigDecimal("1.5")),
                        new Field.Constant(3L), new Field.Constant(true), new Field.Constant("3"));
        assertThat(products.fields().get(7).source()).isInstanceOfSatisfying(Field.OfPage.class, url -> {
            assertThat(url.fact()).isEqualTo(Field.Fact.URL);
            assertThat(url.reading().regex().orElseThrow()).hasToString("/([^/]+)$");
        });
        assertThat(products.fields().get(8).source())
                .isEqualTo(new Field.OfPage(Field.Fact.FETCHED_AT, Reading.TEXT));
        assertThat(products.fields().getLast()).isEqualTo(new Field("maker", new Field.Nested(Optional.empty(),
                List.of(Field.select("name", new Selector.Json("/maker")).build())), true));
        assertThat(job.parsing().extract().getLast().each()).contains(new Selector.XPath("//li"));
        assertThat(job.parsing().extract().getLast().fields().getFirst().source()).isEqualTo(
                new Field.Nested(Optional.of(new Selector.Css("li")),
                        List.of(Field.select("shop", new Selector.Css("b")).build())));
    }

    @Test
    void valuesThatAreKnownOfThePageAreRead() throws Exception {
        CrawlJob job = JobFiles.read(JobFiles.SMALL + """
                follow: [{json: /next, in: "script#d", data: {list: {from: title}}}]
                extract:
                  - name: a
                    each: {json: /list, in: "script#d"}
                    fields:
                      depth: {from: depth}
                      status: {from: status, type: string}
                      label: {from: label}
                      referrer: {from: referrer}
                      title: {from: title, regex: "^(.*) -"}
                      changed: {from: "header:Last-Modified", type: date}
                  - {name: b, fields: {sku: {json: /sku, in: "script#d", type: integer}}}
                """).job();

        Selector.Css element = new Selector.Css("script#d");
        FollowRule follow = job.parsing().follow().orElseThrow().getFirst();
        assertThat(follow.source()).isEqualTo(new FollowRule.Picked(
                new Selector.Json("/next", Optional.empty(), Optional.of(element)), "href"));
        assertThat(follow.data()).extracting(Field::source)
                .containsExactly(new Field.OfPage(Field.Fact.TITLE, Reading.TEXT));
        ExtractRule first = job.parsing().extract().getFirst();
        assertThat(first.each()).contains(new Selector.Json("/list", Optional.empty(), Optional.of(element)));
        assertThat(first.fields()).extracting(Field::source)
                .startsWith(new Field.OfPage(Field.Fact.DEPTH, Reading.of(Reading.Type.INTEGER)),
                        new Field.OfPage(Field.Fact.STATUS, Reading.TEXT),
                        new Field.OfPage(Field.Fact.LABEL, Reading.TEXT),
                        new Field.OfPage(Field.Fact.REFERRER, Reading.TEXT))
                .endsWith(new Field.OfHeader("Last-Modified", Reading.of(Reading.Type.DATE)));
        assertThat(job.parsing().extract().getLast().fields().getFirst()).isEqualTo(
                Field.select("sku", new Selector.Json("/sku", Optional.empty(), Optional.of(element)))
                        .type(Reading.Type.INTEGER)
                        .build());
    }

    @Test
    void theSameAsJsonIsTheSameJob() throws Exception {
        String json = "{\n\t\"name\": \"docs\",\n\t\"startUrls\": [\"http:\\/\\/127.0.0.1:8081\\/index.html\"],"
                + "\r\n\t\"http\": {\"proxy\": null}, \"follow\": []\n}\n";

        assertThat(JobFiles.read(json).job()).usingRecursiveComparison()
                .isEqualTo(CrawlJob.builder("docs")
                        .startUrl("http://127.0.0.1:8081/index.html")
                        .follow(List.of())
                        .build());
    }

    @Test
    void sitemapsMayBeTakenFromRobotsTxt() throws Exception {
        assertThat(JobFiles.read(JobFiles.SMALL + "sitemaps: auto\n").job().start().sitemapsFromRobots()).isTrue();
    }
}
