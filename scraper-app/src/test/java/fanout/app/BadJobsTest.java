package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Broken jobs, each a file, and beside it exactly what {@code scraper validate} says of it. With
 * {@code -Dfanout.write=true} the expectations are written anew; read the difference before you commit it.
 */
class BadJobsTest {

    private static final Path FOLDER = Path.of("src/test/resources/fanout/app/config/bad");

    static List<Path> jobs() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> !file.toString().endsWith(".txt")).sorted().toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void aBrokenJobIsRefusedInTheseWords(Path job) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int code = Main.run(new PrintWriter(out), new PrintWriter(err), "validate", job.toString());

        String said = err.toString().replace(job + ":", "");
        Path expected = Path.of(job + ".txt");
        if (Boolean.getBoolean("fanout.write")) {
            Files.writeString(expected, said);
        }
        assertThat(code).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(said).isEqualTo(Files.readString(expected, UTF_8)).isNotEmpty();
        assertThat(said.lines()).allMatch(line -> line.matches("[1-9][0-9]*:[1-9][0-9]*: .+"))
                .allMatch(
                        line -> line.codePoints().noneMatch(c -> c < ' ' || Character.getType(c) == Character.FORMAT));
    }

    @Test
    void thereAreManyAndEachHasItsExpectation() throws IOException {
        assumeFalse(Boolean.getBoolean("fanout.write"), "expectations are being written");
        List<Path> jobs = jobs();

        assertThat(jobs).hasSizeGreaterThan(60);
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.filter(file -> file.toString().endsWith(".txt")))
                    .containsExactlyInAnyOrderElementsOf(jobs.stream().map(job -> Path.of(job + ".txt")).toList());
        }
    }
}
