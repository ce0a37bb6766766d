package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepeatCountTest {

    @ParameterizedTest
    @CsvSource(delimiter = ' ',
            value = {"abc 1", "a{3} 3", "a{2,5}b{4,} 5", "(a{10}){20} 200", "(a{10}b{3}){20}c{100} 200",
                "((a{2}|b{3}){4}){5} 60", "(?:a{10}){2}{3} 60", "a{10}|(b{4}){4} 16", "\\{500} 1", "\\p{5}{6} 6",
                "\\x{41}{7} 7", "(\\x{900}){2} 2", "(a{50}\\Q((\\E){50} 2500",
                "\\Q{900}{900}\\E 1", "[{900}{900}] 1", "[]{900}]{3} 3", "[^]{900}]{3} 3", "[[:alpha:]{9}]{2} 2",
                "[\\]{9}]{2} 2",
                "a{x}{2} 2", "a{,5} 1", "a{ 1", "(a{5})*{6} 30", "a)b{3} 3", "a{9}(b{3}) 9",
                "\\Q{900} 1", "\\Q{900}\\E{7} 7", "\\Qa\\Eb{7} 7", "\\p{L 1", "\\P{L}{4} 4", "[[:a{9}]{2} 2", "[a 1",
                "[ab]{3}[[:alpha:]] 3", "\\x 1", "a{1000}b{1001} 1001", "(?x)a{2} 2", "\\ 1"})
    void counts(String pattern, long count) {
        assertThat(ValueReader.RepeatCount.of(pattern)).isEqualTo(count);
    }

    /** Without the bound, the last of these takes all memory. */
    @Test
    void patternsThatWouldBeWrittenOutTooLongAreRefused() {
        assertThat(ValueReader.compile("(a{10}){100}")).hasToString("(a{10}){100}");
        for (String pattern : new String[]{"(a{10}){101}", "a{999999999}", "((((a{100}){100}){100}){100}){100}"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> ValueReader.compile(pattern))
                    .withMessageContaining("counted repetitions come to more than 1000");
        }
    }
}
