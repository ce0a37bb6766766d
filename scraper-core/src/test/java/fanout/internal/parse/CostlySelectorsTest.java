package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.DecimalMark;
import fanout.job.Reading;
import fanout.job.Selector;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import fanout.url.TextPattern;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.select.Evaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Selectors that take hours, most of them for the first element already, end when the parse is to end. */
@Timeout(60)
class CostlySelectorsTest {

    private static final Duration LIMIT = Duration.ofMillis(30);
    /** Some tens of milliseconds; the rest is for a machine that does other things, too. */
    private static final Duration LATEST = Duration.ofSeconds(1);

    private static final String REGEX = "(?:x?y?[a-z]{1,100}){9}0";
    private static final String PART = "x".repeat(20_000) + "y";

    /** Many siblings, a long text, a long attribute and a long comment. */
    private static final Document PAGE = Jsoup.parse("<title>t</title><div title=" + "x".repeat(500_000) + ">"
            + "x".repeat(1_000_000) + "</div><div><!--" + "x".repeat(500_000) + "-->" + "<p>x</p>".repeat(40_000)
            + "<a href=x>x</a></div>");

    private static <R> R within(Duration limit, ScopedValue.CallableOp<R, RuntimeException> work) {
        return new ParseTime(Deadline.after(limit, Ticker.system())).within(work);
    }

    private static void assertEndsInTime(Consumer<QueryScope> work) {
        QueryScope scope = QueryScope.ofDocument(PAGE);
        long start = System.nanoTime();
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> within(LIMIT, () -> {
            work.accept(scope);
            return true;
        })).withCauseInstanceOf(ParseStopped.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LATEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1 ~ p ~ a", "p:has(~ h1)", ":has(:has(:contains(zz)))", ":has(p:nth-of-type(1000000))",
        ":has(p:nth-last-of-type(1000000))", ":has(p:only-child, p:only-of-type, p:gt(1000000))",
        ":has(:has(::text:contains(zz)))",
        ":not(:has(p:has(~ p:has(+ p ~ h1))))", "div:matches({re})", "div:matchesOwn({re})",
        "div:matchesWholeText({re})",
        "div:matchesWholeOwnText({re})", "[title~={re}]", "div:has(::comment:matches({re}))"})
    void cssEndsAtTheDeadline(String css) {
        Selector selector = new Selector.Css(css.replace("{re}", REGEX));
        assertEndsInTime(scope -> Query.of(selector).in(scope).forEach(_ -> {}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"count(//*[count(//*[count(//*) > 0]) > 0])", "count(//p[count(preceding::p) > 1000000])",
        "//p[preceding-sibling::h1]", "//p[following::text() = //h1/following::p]", "//p[text() = //p/@no | //h1]",
        "//*[//*[//*[. = 'zz']]]", "sum(//p[. < //p/text()])", "//p/following::p/preceding::p/following::h1",
        "//p[string-length(translate(//div, //p, 'y')) = 0]", "//*[contains(//div, '{part}')]",
        "//*[substring-before(//@title, '{part}')]", "//div/ancestor::*/descendant::p[last()][//p[last()] = 'zz']",
        "//p[id(//p)]", "//p[lang(//div)][ancestor::*[lang(//div)]]"})
    void xpathEndsAtTheDeadline(String xpath) {
        Selector selector = new Selector.XPath(xpath.replace("{part}", PART));
        assertEndsInTime(scope -> Query.of(selector).in(scope).forEach(_ -> {}));
    }

    @Test
    void regexOfAFieldEndsAtTheDeadline() {
        Reading reading =
                new Reading(Reading.Type.STRING, Optional.of(TextPattern.of(REGEX)), Optional.<DecimalMark>empty(),
                        Optional.empty());
        LinkBase base = LinkBase.of(CanonicalUrl.of("http://example.org/"));
        assertEndsInTime(_ -> new TextReader(reading).read("x".repeat(1_000_000), base));
    }

    @Test
    void interruptEndsThem() {
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> within(Duration.ofMinutes(1), () -> Query.of(new Selector.Css("p ~ a"))
                            .in(QueryScope.ofDocument(PAGE))
                            .count()))
                    .withCauseInstanceOf(ParseStopped.class);
        } finally {
            assertThat(Thread.interrupted()).as("the status is kept").isTrue();
        }
    }

    /** One of each kind of part that jsoup has. */
    static Stream<String> dialect() {
        return Stream.of("p", "*", "#i", ".c", "[t]", "[^da]", "[t=v]", "[t!=v]", "[t^=v]", "[t$=v]", "[t*=v]",
                "[t~=v.?]",
                "[t|=v]", "div p", "div > p", "div > p > b", "p + p", "p ~ p", "p, b", "p:has(b)", "div:has(> p)",
                "p:has(+ p)", "p:has(~ p b)", "div:has(p + p > b)", ":is(p, b)", ":not(p)", "p:not(:has(b))", "p:lt(2)",
                "p:gt(0)", "p:eq(1)", ":nth-child(2n+1)", ":nth-last-child(2)", ":nth-of-type(2)",
                ":nth-last-of-type(1)",
                ":first-child", ":last-child", ":first-of-type", ":last-of-type", ":only-child", ":only-of-type",
                ":empty",
                ":root", ":scope > *", "> body", ":contains(one)", ":containsOwn(TWO)", ":containsWholeText(one )",
                ":containsWholeOwnText(two)", ":containsData(var)", ":matches(o.e)", ":matchesOwn(^t)",
                ":matchesWholeText(e\\s+t)", ":matchesWholeOwnText(^ )", "p:has(::text:contains(one))",
                "div:has(::comment:matches(o+))", "p:has(::text:blank)", "*|p", "x|*", "p:has(::comment + b)",
                "div:has(::comment):not(.c)", ":contains(paren \\) thesis)");
    }

    @ParameterizedTest
    @MethodSource("dialect")
    void watchedSelectorSelectsWhatJsoupDoes(String css) {
        Document page = Jsoup.parse("""
                <div id=i class=c t=v><p>one  two</p><p t="vx-v" data-a=1>two<b>TWO</b><!--foo--></p> <p><b/></p></div>
                <div class="d c"><!--fo--><p></p>x<b><p> <i>one</i></p></b><script>var x</script></div>
                <x:y>paren ) thesis</x:y>""");
        Evaluator watched = org.jsoup.select.WatchedSelector.parse(css);
        for (var scope : page.select("html, div, p")) {
            assertThat(within(Duration.ofMinutes(1), () -> scope.select(watched))).isEqualTo(scope.select(css));
        }
        assertThat(within(Duration.ofMinutes(1), () -> page.select(watched))).isEqualTo(page.select(css));
    }
}
