package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** README shows the very lines that {@link LibraryUseTest} runs. */
class ReadmeTest {

    @Test
    void theLinesInTheReadmeAreTheLinesOfTheTest() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        String test = Files.readString(module.resolve("src/test/java/example/LibraryUseTest.java"));
        String readme = Files.readString(module.resolveSibling("README.md"));

        String lines = test.substring(test.indexOf("// README\n") + 10, test.indexOf("// README end"));
        String shown = readme.substring(readme.indexOf("```java\n") + 8);
        shown = shown.substring(0, shown.indexOf("\n}\n```"));

        assertThat(shown.strip().lines().map(String::strip)).containsExactlyElementsOf(
                lines.strip().lines().map(String::strip).toList());
    }
}
