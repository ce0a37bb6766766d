package fanout.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void textStandsToTheLeftAndNumbersToTheRight() {
        Table table = new Table(List.of("name", "n"), List.of(List.of("one", "1"), List.of("hundred", "100")));

        assertThat(table.lines(80)).containsExactly(
                "  name       n",
                "  -------  ---",
                "  one        1",
                "  hundred  100");
    }

    @Test
    void theWidestColumnsAreCutUntilTheTableFits() {
        String words = "word ".repeat(30).strip();
        String url = "http://example.org/" + "folder/".repeat(10) + "page.html";

        List<String> lines = new Table(List.of("text", "n", "link"), List.of(List.of(words, "17", url))).lines(80);

        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(lines.getLast()).startsWith("  word word").contains("...  17  ...").endsWith("/page.html");
    }

    @Test
    void theTerminalIsSafeFromTheWeb() {
        List<String> lines = new Table(List.of("a"), List.of(List.of("\u001b[31mred\nnext\u202e"))).lines(80);

        assertThat(lines).hasSize(3).allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~'));
    }

    @Test
    void wideAndCombiningCharactersAreCountedAsTheTerminalCountsThem() {
        List<String> lines = new Table(List.of("a", "b"),
                List.of(List.of("\u65e5\u672c", "x"), List.of("e\u0301e\u0301e\u0301e\u0301", "x"),
                        List.of("abcd", "x")))
                .lines(80);

        assertThat(lines.subList(2, 5)).containsExactly("  \u65e5\u672c  x", "  e\u0301e\u0301e\u0301e\u0301  x",
                "  abcd  x");
        assertThat(Width.cut("\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e", 8)).isEqualTo("\u65e5\u672c...");
        assertThat(Width.cutLeft("\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e", 8)).isEqualTo("...\u672c\u8a9e");
        assertThat(Width.cut("abcdef", 2)).isEqualTo("..");
    }

    @Test
    void aCutDoesNotHalveACharacter() {
        String line = new Table(List.of("a"), List.of(List.of("\ud83d\udd28".repeat(100)))).lines(80).getLast();

        assertThat(line.codePoints().filter(point -> point == 0x1f528).count()).isEqualTo(37);
        assertThat(line).endsWith("\ud83d\udd28...");
    }
}
