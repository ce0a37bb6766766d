package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Crawls that are compared with what their job expects, and with the run before. The site has eleven pages. */
@Timeout(120)
class ExpectCrawlTest {

    private static final int BROKEN = 6;
    private static final String HALF = "expect: {maxChangePercent: 50}\n";

    @TempDir
    private Path folder;

    private Site site;
    private CommandRun command;

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        site = new Site("Page");
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    private int crawl(String expect, String... options) throws IOException {
        command = new CommandRun(folder);
        return command.crawl(site.job("/index.html") + expect, options);
    }

    private int crawlPages(int pages) throws IOException {
        return crawl(HALF, "--set", "limits.maxPages=" + pages);
    }

    private JsonNode expectations() throws IOException {
        return command.report().at("/expectations");
    }

    @Test
    void crawlThatBringsWhatIsExpectedSaysSo() throws IOException {
        int code = crawl("expect: {minPages: 11, minItems: 11, filled: {heads.head: 100}, maxChangePercent: 0}\n");

        assertThat(code).as(command.err()).isZero();
        assertThat(command.err()).contains("\n  5 expectations hold\n");
        assertThat(expectations().at("/judged").asBoolean()).isTrue();
        assertThat(expectations().at("/checks")).hasSize(5).allMatch(check -> check.at("/holds").asBoolean());
        assertThat(expectations().at("/pages").asLong()).isEqualTo(11);
        assertThat(expectations().at("/baseline").isNull()).isTrue();
    }

    @Test
    void eachExpectationThatDoesNotHoldHasALine() throws IOException {
        int code = crawl("""
                expect: {minPages: 12, minItems: 5, filled: {heads.head: 100, heads.price: 50}}
                """, "--set", "extract=[{name: heads, fields: {head: {css: h1}, price: {css: .price}}}]");

        assertThat(code).isEqualTo(BROKEN);
        assertThat(command.err()).contains("""

                  2 of 4 expectations do not hold:
                    expect.minPages: 11 pages, wanted at least 12
                    expect.filled.heads.price: 0 % of 11 items, wanted at least 50 %
                """);
        assertThat(expectations().at("/checks").valueStream().filter(check -> !check.at("/holds").asBoolean()))
                .extracting(check -> check.at("/expectation").asString())
                .containsExactly("minPages", "filled.heads.price");
    }

    @Test
    void withoutASummaryTheBrokenOnesAreSaidAllTheSame() throws IOException {
        assertThat(crawl("expect: {minItems: 12}\n", "--progress", "none")).isEqualTo(BROKEN);

        assertThat(command.err()).isEqualTo("scraper: test: expect.minItems: 11 items, wanted at least 12\n");
    }

    @Test
    void noPageAtAllCountsMoreThanAnExpectation() throws IOException {
        site.close();

        assertThat(crawl("expect: {minPages: 1}\n")).isEqualTo(4);
        assertThat(expectations().at("/judged").asBoolean()).isTrue();
        assertThat(command.err()).contains("expect.minPages: 0 pages, wanted at least 1");
    }

    @Test
    void crawlThatWasCutOffIsNotJudged() throws IOException {
        assertThat(crawl("expect: {minPages: 12}\n", "--set", "limits.maxDuration=1ms")).isEqualTo(3);

        assertThat(expectations().at("/judged").asBoolean()).isFalse();
        assertThat(expectations().at("/checks")).isEmpty();
        assertThat(command.err()).contains("  expectations are not judged, because the crawl ended as maxDuration\n");
    }

    @Test
    void changeIsThatSinceTheLastJudgedRun() throws IOException {
        assertThat(crawlPages(8)).isZero();
        assertThat(crawlPages(4)).isZero();
        String half = command.report().at("/startedAt").asString();
        assertThat(crawlPages(7)).isEqualTo(BROKEN);

        assertThat(command.err()).contains("2 of 2 expectations do not hold:\n    expect.maxChangePercent.pages: 7 "
                + "pages, 75 % more than the 4 in the run of " + half + ", wanted a change of at most 50 %\n");
        assertThat(expectations().at("/baseline").toString())
                .isEqualTo("{\"startedAt\":\"" + half + "\",\"pages\":4,\"items\":4}");
        assertThat(crawlPages(7)).as("the broken one was judged, and is what the next is compared with").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void runsThatAreNotJudgedCarryTheFiguresOn(int keep) throws IOException {
        String kept = "output.keep=" + keep;
        crawlPages(8);
        JsonNode first = command.report().at("/startedAt");
        assertThat(crawl(HALF, "--set", "limits.maxDuration=1ms", "--set", kept)).isEqualTo(3);
        assertThat(crawl("", "--set", kept)).as("a run without expect").isZero();
        assertThat(crawl(HALF, "--set", "limits.maxDuration=1ms", "--set", kept)).isEqualTo(3);

        assertThat(expectations().at("/baseline/pages").asLong()).isEqualTo(8);
        assertThat(expectations().at("/baseline/startedAt")).isEqualTo(first);
        assertThat(crawl(HALF, "--set", "limits.maxPages=3", "--set", kept)).isEqualTo(BROKEN);
    }

    @Test
    void nightWithoutAPageIsWhatTheNextIsComparedWith() throws IOException {
        crawlPages(8);
        String job = site.job("/index.html") + HALF;
        site.close();
        assertThat(command.crawl(job)).isEqualTo(4);
        assertThat(expectations().at("/judged").asBoolean()).isTrue();

        site = new Site("Page");
        assertThat(crawlPages(6)).as("the change back is reported, too").isEqualTo(BROKEN);
        assertThat(expectations().at("/baseline/pages").asLong()).isZero();
        assertThat(crawlPages(6)).isZero();
    }

    @Test
    void resumedCrawlIsNotComparedWithItself() throws IOException {
        assertThat(crawlPages(9)).isZero();
        assertThat(crawlPages(5)).isZero();
        assertThat(crawl(HALF, "--resume", "--set", "limits.maxPages=10")).as(command.err()).isZero();

        assertThat(command.report().at("/runs").asInt()).isEqualTo(2);
        assertThat(expectations().at("/baseline/pages").asLong()).isEqualTo(9);
        assertThat(expectations().at("/pages").asLong()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "half a rep", "{}", "{\"finishReason\": \"exhausted\", \"startedAt\": 5}",
        "{\"job\": \"other\", \"finishReason\": \"exhausted\", \"startedAt\": \"2026-12-01T03:00:00Z\", "
                + "\"expectations\": {\"judged\": true, \"pages\": 1000, \"items\": 1000}}"})
    void reportThatIsNotOfTheJobIsSaidAndTheOneBeforeIsUsed(String other) throws IOException {
        crawlPages(8);
        crawlPages(8);
        Files.writeString(folder.resolve("report.json"), other);

        assertThat(crawl(HALF, "--set", "limits.maxPages=3")).isEqualTo(BROKEN);
        assertThat(expectations().at("/baseline/pages").asLong()).isEqualTo(8);
        assertThat(command.err()).contains("report.json is not compared with: it is ");
        assertThat(command.err().lines().filter(line -> line.contains("not compared with"))).hasSize(1);
    }

    @Test
    void reportThatIsGoneLeavesTheOneBefore() throws IOException {
        crawlPages(8);
        crawlPages(4);
        Files.delete(folder.resolve("report.json"));

        assertThat(crawlPages(7)).as("the first run had eight").isZero();
        assertThat(command.err()).doesNotContain("not compared with");
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path report : all.filter(file -> file.endsWith("report.json")).toList()) {
                Files.delete(report);
            }
        }
        assertThat(crawlPages(1)).as("nothing is left to compare with").isZero();
    }

    @Test
    void crawlThatCannotBeginCarriesTheFiguresOn() throws IOException {
        crawl(HALF, "--set", "output.keep=0");
        Files.delete(folder.resolve("pages.jsonl"));
        Files.createDirectories(folder.resolve("pages.jsonl/mine"));
        assertThat(crawl(HALF, "--set", "output.keep=0")).isEqualTo(4);

        assertThat(command.report().at("/finishReason").asString()).isEqualTo("failed");
        assertThat(expectations().at("/baseline/pages").asLong()).isEqualTo(11);
    }
}
