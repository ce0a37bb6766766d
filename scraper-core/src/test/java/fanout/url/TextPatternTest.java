package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TextPatternTest {

    @Test
    void firstGroupIsKeptOrAllThatIsFound() {
        assertThat(TextPattern.of("[0-9]+").keptOf("page 12 of 30")).contains("12");
        assertThat(TextPattern.of("of ([0-9])([0-9])").keptOf("page 12 of 30")).contains("3");
        assertThat(TextPattern.of("page|(of)").keptOf("page 12 of 30")).as("a group that took no part").isEmpty();
        assertThat(TextPattern.of("x").keptOf("page 12 of 30")).isEmpty();
    }

    @Test
    void patternsOfOneTextAreEqual() {
        TextPattern pattern = TextPattern.of("(?i)shop");

        assertThat(pattern).isEqualTo(TextPattern.of("(?i)shop"))
                .hasSameHashCodeAs(TextPattern.of("(?i)shop"))
                .isNotEqualTo(TextPattern.of("shop"))
                .isNotEqualTo("(?i)shop")
                .hasToString("(?i)shop");
    }

    @Test
    void sizeGrowsWithTheInstructionsOfASearch() {
        int size = TextPattern.of("a").size();

        assertThat(size).isPositive();
        assertThat(TextPattern.of("a{100}").size()).isGreaterThanOrEqualTo(size + 99);
    }

    @Test
    void whatIsNoPatternIsRefusedByName() {
        assertThatIllegalArgumentException().isThrownBy(() -> TextPattern.of("(a"))
                .withMessageStartingWith("not an RE2 pattern: \"(a\" (");
    }
}
