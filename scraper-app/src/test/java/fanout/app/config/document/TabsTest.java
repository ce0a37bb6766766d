package fanout.app.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON may be indented by tabs, which YAML forbids. Here a tab is written as {@code >}. */
class TabsTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'',
            value = {"'{>\"a\":>1}', '{ \"a\": 1}'", "'>[>1]', ' [ 1]'", "'{\"a>b\"}', '{\"a>b\"}'",
                "'{\"a\\\">b\">}', '{\"a\\\">b\" }'", "'{>\\\">\"}', '{ \\\">\"}'", "'a:>1', 'a:>1'", "'{a}', '{a}'"})
    void tabsOutsideOfTextAreSpacesInJson(String written, String read) {
        assertThat(Tabs.asSpaces(written.replace('>', '\t'))).isEqualTo(read.replace('>', '\t'));
    }
}
