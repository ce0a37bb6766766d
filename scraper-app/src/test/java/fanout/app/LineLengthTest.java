package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Sources and pages fit a screen. The formatter keeps code within 120 columns, and neither comments nor literals; what
 * it makes longer itself, patterns of a {@code case}, may be. Text blocks, tables and pictures cannot be wrapped.
 */
class LineLengthTest {

    private static final int MOST_COLUMNS = 120;
    private static final int MOST_OF_A_NAME = 60;
    private static final Pattern CASE = Pattern.compile("\\s*case \\w.* _,.*");
    private static final Pattern TABLE_OR_PICTURE = Pattern.compile("\\s*(\\||!\\[).*");
    private static final Pattern TEST = Pattern.compile("(?m)^ {4,8}void (\\w+)\\(");

    @Test
    void noLineOfASourceIsLongerThanItMayBe() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : Docs.files(".java")) {
            wrong.addAll(longLines(file, sourceLines(Docs.read(file))));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noLineOfAPageIsLongerThanItMayBe() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : Docs.pages()) {
            wrong.addAll(longLines(file, pageLines(Docs.read(file))));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noNameOfATestIsLongerThanItMayBe() throws IOException {
        List<String> wrong = new ArrayList<>();
        int tests = 0;
        for (Path file : Docs.files("Test.java")) {
            for (String name : testNames(Docs.read(file))) {
                tests++;
                if (name.length() > MOST_OF_A_NAME) {
                    wrong.add(Docs.ROOT.relativize(file) + ": " + name);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(tests).as("tests that were looked at").isGreaterThan(1_000);
    }

    @Test
    void longLineIsFoundExceptWhereItCannotBeWrapped() {
        String allowed = "a ".repeat(MOST_COLUMNS / 2);
        String tooLong = allowed + "a";
        String text = "\"\"\"";
        assertThat(longLines(Docs.ROOT, sourceLines(allowed + "\n" + tooLong))).hasSize(1);
        assertThat(longLines(Docs.ROOT, sourceLines(text + "\n" + tooLong + text + ";\n" + tooLong))).hasSize(1);
        assertThat(longLines(Docs.ROOT, sourceLines("  case A _,B _ -> " + tooLong))).isEmpty();
        assertThat(longLines(Docs.ROOT, sourceLines("  case A -> " + tooLong))).hasSize(1);
        assertThat(longLines(Docs.ROOT, pageLines(allowed + "\n" + tooLong))).hasSize(1);
        assertThat(longLines(Docs.ROOT, pageLines("| " + tooLong))).isEmpty();
    }

    @Test
    void nameOfATestIsFound() {
        String source = """
                    @Test
                    void one() {
                        two();
                    }
                    private void two() {}
                    @Nested
                    class Three {
                        void four(String text) {}
                    }
                """;
        assertThat(testNames(source)).containsExactly("one", "four");
    }

    /** Returns the lines of a Java file that can be wrapped; the others are empty. */
    private static List<String> sourceLines(String text) {
        List<String> lines = new ArrayList<>();
        boolean inTextBlock = false;
        for (String line : text.lines().toList()) {
            boolean opensOrCloses = line.split("\"\"\"", -1).length % 2 == 0;
            lines.add(inTextBlock || CASE.matcher(line).matches() ? "" : line);
            inTextBlock ^= opensOrCloses;
        }
        return lines;
    }

    private static List<String> pageLines(String text) {
        return text.lines().map(line -> TABLE_OR_PICTURE.matcher(line).matches() ? "" : line).toList();
    }

    /** A line without a space behind its indentation, such as an address, cannot be wrapped either. */
    private static List<String> longLines(Path file, List<String> lines) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.codePointCount(0, line.length()) > MOST_COLUMNS && line.strip().indexOf(' ') >= 0) {
                found.add(Docs.ROOT.relativize(file) + ":" + (i + 1) + ": " + line.strip());
            }
        }
        return found;
    }

    private static List<String> testNames(String text) {
        return TEST.matcher(text).results().map(match -> match.group(1)).toList();
    }
}
