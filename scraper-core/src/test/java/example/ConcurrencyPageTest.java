package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on concurrency names proofs: they exist, and so does every file that it points to. */
class ConcurrencyPageTest {

    private static final Path PAGE = Path.of("docs/concurrency.md");

    private static List<MatchResult> found(String pattern) throws IOException {
        return Pattern.compile(pattern).matcher(Files.readString(PAGE)).results().toList();
    }

    @Test
    void everyTestThatItNamesExists() throws IOException {
        List<MatchResult> names = found("`(\\w+Test)\\.(\\w+)`");
        assertThat(names).hasSizeGreaterThan(5);
        for (MatchResult name : names) {
            assertThat(Files.readString(source(name.group(1)))).as(name.group())
                    .contains("void " + name.group(2) + "(");
        }
        for (MatchResult testClass : found("`(\\w+Test)`")) {
            assertThat(source(testClass.group(1))).exists();
        }
    }

    private static Path source(String testClass) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java/fanout"))) {
            return files.filter(file -> file.endsWith(testClass + ".java")).findFirst().orElse(Path.of(testClass));
        }
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<MatchResult> links = found("\\]\\(([^)]+)\\)");
        assertThat(links).hasSizeGreaterThan(5);
        for (MatchResult link : links) {
            assertThat(PAGE.resolveSibling(link.group(1))).exists();
        }
    }
}
