package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of a file is read in pieces of 64 KiB. */
class WholeLinesTest {

    private static final int PIECE = 64 << 10;

    @TempDir
    private Path folder;

    /** Whole lines, and what a crash has left of the next. */
    record Torn(String lines, String rest) {

        @Override
        public String toString() {
            return lines.length() + " and " + rest.length() + " characters";
        }
    }

    static Stream<Torn> files() {
        String one = "{}\n";
        return Stream.of(new Torn("", ""), new Torn("", "{"), new Torn("\n", ""), new Torn("\n", "{"),
                new Torn(one + one, ""), new Torn(one + one, "{\"url"), new Torn("", "x".repeat(PIECE + 1)),
                new Torn(one, "x".repeat(PIECE - 1)), new Torn(one, "x".repeat(PIECE)),
                new Torn(one + one, "x".repeat(2 * PIECE + 1)), new Torn("x".repeat(PIECE) + "\n", "y"),
                new Torn("x".repeat(2 * PIECE - 1) + "\n", ""));
    }

    @ParameterizedTest
    @MethodSource("files")
    void theLineThatIsHalfWrittenIsCutOffAndNothingElse(Torn torn) throws IOException {
        Path file = folder.resolve("pages.jsonl");
        Files.writeString(file, torn.lines + torn.rest);
        Recovery.WholeLines.cut(file);
        assertThat(Files.readString(file)).isEqualTo(torn.lines);
    }

    @Test
    void aFileThatIsMissingStaysSo() throws IOException {
        Recovery.WholeLines.cut(folder.resolve("pages.jsonl"));
        assertThat(folder).isEmptyDirectory();
    }
}
