package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fanout.job.Limits;
import fanout.job.Network;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionBudgetTest {

    private static final JobBounds BOUNDS =
            new JobBounds(Limits.DEFAULT, new Network(false, List.of()), Optional.empty());
    private static final String START = "name: a\nstartUrls: ['http://example.org/']\n";

    private static List<String> problems(String yaml) {
        BadJobException bad = catchThrowableOfType(BadJobException.class, () -> SubmittedJobReader
                .read(false, (START + yaml).getBytes(UTF_8), Optional.empty(), BOUNDS));
        return bad == null ? List.of() : bad.problems();
    }

    private static String lines(int count, String each) {
        return Stream.generate(() -> each).limit(count).collect(Collectors.joining("\n", "", "\n"));
    }

    private static final String TOO_MUCH =
            "the patterns and selectors of a job come to more than 200000 characters here, with "
                    + "20 for each and counted repetitions written out; split the job, or write fewer patterns";

    /** Under 256 MB, twelve thousand of these take all memory. */
    @Test
    void patternsAndSelectorsOfAJobCountTogether() {
        String pattern = "  - 'x[a-z]{1,900}y'";
        assertThat(problems("scope:\n  exclude:\n" + lines(44, "  " + pattern))).isEmpty();
        assertThat(problems("scope:\n  exclude:\n" + lines(12_000, "  " + pattern)))
                .containsExactly("job.yaml:49:7: " + TOO_MUCH);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "follow:        |   - {css: 'a:matches((ab{10}){99})'}",
        "follow:        |   - {xpath: '//a[contains(@href, "
                + "\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\")]'}",
        "follow:        |   - {json: "
                + "'/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz/a'}",
        "scope.include  |   - '\\p{L}x'",
        "extract:       |   - {name: a, match: '(ab){100}', each: 'a[href~=x{100}]', fields: {a: {css: b, regex: "
                + "'c{90}'}}}"})
    void eachKindOfExpressionCounts(String section, String entry) {
        String begin = section.trim().equals("scope.include") ? "scope:\n  include:\n" : section.trim() + "\n";
        assertThat(problems(begin + lines(3, "  " + entry.trim()))).isEmpty();
        assertThat(problems(begin + lines(3_000, "  " + entry.trim()))).singleElement().asString().contains(TOO_MUCH);
    }

    @Test
    void repetitionsInASelectorAreBounded() {
        for (String css : List.of("p:matches(((a{100}){100}){100})", "a[href~=((a{100}){100}){100}]",
                "p:matchesWholeOwnText((a{101}){10})")) {
            assertThat(problems("follow: [{css: '" + css + "'}]")).singleElement()
                    .asString()
                    .isEqualTo("job.yaml:3:16: not a CSS selector: " + css
                            + " (counted repetitions come to more than 1000)");
        }
    }

    /** Paths of five thousand characters, in half a million places. */
    @Test
    void documentHasSoManyKeysAndValues() {
        String deep = Stream.iterate(1, i -> i + 1)
                .limit(45)
                .map(i -> " ".repeat(i) + "k" + "e".repeat(98) + "y:")
                .collect(Collectors.joining("\n", "x-mine:\n", ""));
        assertThat(problems(deep + " [" + "1,".repeat(119_000) + "1]\n")).isEmpty();
        assertThat(problems(deep + " [" + "1,".repeat(121_000) + "1]\n")).singleElement()
                .asString()
                .startsWith("job.yaml:48:")
                .endsWith("more than 120000 keys and values");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {"abc 3", "a{3} 3", "x[a-z]{1,900}y 4502", "(ab{10}){20} 240", "\\p{L} 1004",
        "[\\pL]{2} 2010", "\\Qa{9}\\E 8", "(a 2", "a)b{3} 4", "(?:a|bc){10} 60"})
    void sizeOfAPatternHasItsRepetitionsWrittenOut(String pattern, long size) {
        assertThat(ValueReader.RepeatCount.sizeOf(pattern)).isEqualTo(size);
    }
}
