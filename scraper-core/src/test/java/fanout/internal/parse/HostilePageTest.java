package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.result;
import static fanout.internal.parse.TestPages.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.parse.PageLinks.RobotsDirectives;
import fanout.internal.parse.PageParser.ParseResult;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.internal.parse.PageParser.ParseResult.Unparsed;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.Selector;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages made to hold a worker, or to fill the memory, by means of the job's own selectors. */
@Timeout(120)
class HostilePageTest {

    /** Minutes for {@code h1 ~ p}; in CI four times as many of them. */
    private static final RawPage SIBLINGS = html("<div>"
            + "<p>x</p>".repeat(Boolean.getBoolean("fanout.ci") ? 200_000 : 100_000) + "<a href=x>x</a></div>");

    private static ExtractRule each(Selector each, Selector field, boolean list) {
        Field.Builder value = Field.select("v", field);
        return new ExtractRule("each", Optional.empty(), Optional.empty(), Optional.of(each),
                List.of(list ? value.list().build() : value.build()));
    }

    private static CrawlJob eachJob(String each) {
        return job().extract(List.of(each(new Selector.Css(each), new Selector.Css("p"), false))).build();
    }

    private static CrawlJob followJob(String css) {
        return job().follow(List.of(new FollowRule(new Selector.Css(css), "href", Optional.empty()))).build();
    }

    @Test
    void interruptionEndsASelectorOverManySiblings() throws InterruptedException {
        for (CrawlJob job : List.of(eachJob("h1 ~ p"), followJob("h1 ~ p, a"))) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread parsing = Thread.ofPlatform().start(() -> {
                try {
                    result(job, SIBLINGS);
                } catch (InterruptedException e) {
                    thrown.set(e);
                }
            });
            Awaitility.await()
                    .until(() -> Stream.of(parsing.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().startsWith("org.jsoup.select.Structural")));
            parsing.interrupt();
            assertThat(parsing.join(Duration.ofSeconds(10))).as("ended").isTrue();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void theDeadlineEndsASelectorOverManySiblings() throws InterruptedException {
        Duration limit = Duration.ofSeconds(1);
        for (CrawlJob job : List.of(eachJob("h1 ~ p"), followJob("h1 ~ p, a"))) {
            PageParser parser = TestPages.parser(job);
            long start = System.nanoTime();
            ParseResult result = within(limit, () -> TestPages.parse(parser, SIBLINGS));
            assertThat(result).isEqualTo(new Unparsed(new Failure.TimedOut(Stage.PARSE, limit)));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void theDeadlineEndsTheWalkOverADocument() {
        Deadline passed = new Deadline(Ticker.system(), Ticker.system().nanos() - 1, Duration.ofSeconds(1), false);
        PageWalk walk = new PageWalk(new PageLinks(new RobotsDirectives("bot")), new ParseTime(passed));
        assertThatExceptionOfType(ParseStopped.class).isThrownBy(() -> walk.visit(new Document("")));
    }

    @Test
    void aLinearSelectorTakesALargePage() throws InterruptedException {
        assertThat(TestPages.urls((Parsed) result(followJob("div > a[href]"), SIBLINGS)))
                .containsExactly("http://example.org/dir/x");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nestedElementsDoNotMultiplyThePage(boolean list) throws InterruptedException {
        RawPage page = html("<div class=p>".repeat(400) + "text ".repeat(600_000));
        Selector nested = new Selector.Css(".p");
        CrawlJob job = job().extract(List.of(each(nested, nested, list))).build();
        assertThat(((Unparsed) result(job, page)).failure()).isInstanceOfSatisfying(Failure.Parse.class,
                failure -> assertThat(failure.detail()).contains("characters of items"));
    }

    @Test
    void aSmallPageMayGiveAMebibyte() throws InterruptedException {
        Selector nested = new Selector.Css(".p");
        CrawlJob job = job().extract(List.of(each(nested, nested, false))).build();
        assertThat(((Parsed) result(job, html("<div class=p>".repeat(400) + "x".repeat(2_000)))).items())
                .hasSize(400);
        assertThat(result(job, html("<div class=p>".repeat(400) + "x".repeat(4_000)))).isInstanceOf(Unparsed.class);
    }

    @Test
    void aPageHasTenThousandItemsAndNoMore() throws InterruptedException {
        CrawlJob job = eachJob("p");
        assertThat(((Parsed) result(job, html("<p>x".repeat(10_000)))).items()).hasSize(10_000);
        assertThat(((Unparsed) result(job, html("<p>x".repeat(10_001)))).failure().detail())
                .contains("more than 10000 items");
    }
}
