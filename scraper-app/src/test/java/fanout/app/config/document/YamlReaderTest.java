package fanout.app.config.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {

    private final Problems problems = new Problems();

    private static Stream<String> paths(YamlNode node) {
        Stream<String> inside = switch (node) {
            case YamlNode.Mapping mapping -> mapping.entries().stream().flatMap(entry -> paths(entry.value()));
            case YamlNode.Sequence sequence -> sequence.elements().stream().flatMap(YamlReaderTest::paths);
            case YamlNode.Scalar _,YamlNode.Refused _ -> Stream.empty();
        };
        return Stream.concat(Stream.of(node.at().path()), inside);
    }

    private List<String> pathsOf(String text) {
        return paths(YamlReader.read("job.yaml", text, problems).orElseThrow()).toList();
    }

    @Test
    void everyNodeHasThePathThatLeadsToIt() {
        assertThat(pathsOf("a: 1\nb:\n  c: [x, {d: y}]\n"))
                .containsExactly("", "a", "b", "b.c", "b.c[0]", "b.c[1]", "b.c[1].d");
    }

    @Test
    void keysAreCutBehindAHundredCharacters() {
        String hundred = "k".repeat(100);
        assertThat(pathsOf(hundred + ": 1\n" + hundred + "k: 2\n")).containsExactly("", hundred, hundred + "\u2026");
    }

    @Test
    void emptyDocumentIsNone() {
        assertThat(YamlReader.read("job.yaml", "# nothing\n", problems)).isEmpty();
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void whatTheParserRefusesIsRefusedAsAWhole() {
        for (String text : List.of("a: [", "a: \u0000", "a: \"\\x4", "[".repeat(51))) {
            assertThat(YamlReader.read("job.yaml", text, problems)).hasValueSatisfying(
                    node -> assertThat(node).isInstanceOf(YamlNode.Refused.class));
        }
        assertThat(problems.all()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[a: #f]|true", "{a: 1, #b}|true", "[{  #f}|true", "[ #f]|false",
        "[a: # f]|false", "[':' #f]|false"})
    void commentInBracketsIsNamedAsTheCause(String value, boolean named) {
        YamlReader.read("job.yaml", "a: " + value, problems);
        assertThat(problems.all().getFirst().message().contains("begins a comment")).isEqualTo(named);
    }

    /** One job is read at a time, and the others wait. */
    @Test
    void mistakeBelowALineOfBracketsIsToldAtOnce() {
        String text = "a: a" + "[".repeat(200_000) + "\nb: \"";
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> YamlReader.read("job.yaml", text, problems));
        assertThat(problems.all()).hasSize(1);
    }

    /** JSON may be indented by tabs, which YAML forbids. Here a tab is written as {@code >}. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'',
            value = {"'{>\"a\":>1}', '{ \"a\": 1}'", "'>[>1]', ' [ 1]'", "'{\"a>b\"}', '{\"a>b\"}'",
                "'{\"a\\\">b\">}', '{\"a\\\">b\" }'", "'{>\\\">\"}', '{ \\\">\"}'", "'a:>1', 'a:>1'", "'{a}', '{a}'"})
    void tabsOutsideOfTextAreSpacesInJson(String written, String read) {
        assertThat(YamlReader.withoutTabs(written.replace('>', '\t'))).isEqualTo(read.replace('>', '\t'));
    }
}
