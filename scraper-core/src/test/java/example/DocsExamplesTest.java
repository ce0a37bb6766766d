package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pages show the very lines that {@link LibraryUseTest}, {@link InterceptorUseTest}, {@link OwnSinkTest} and
 * {@link LeakCheckUseTest} run.
 */
class DocsExamplesTest {

    private static final Pattern PART = Pattern.compile("// docs\n(.*?)// docs end", Pattern.DOTALL);

    @ParameterizedTest
    @CsvSource({"README.md, ## In your own program, LibraryUseTest", "docs/library.md, ## A program, LibraryUseTest",
        "'docs/library.md', '## Requests that are signed, or refused', InterceptorUseTest",
        "docs/library.md, ## A sink that resumes, OwnSinkTest",
        "docs/library.md, ## Leak check for your own tests, LeakCheckUseTest"})
    void linesOnThePageAreTheLinesOfTheTest(String name, String section, String source) throws IOException {
        Path module = Path.of("").toAbsolutePath();
        String test = Files.readString(module.resolve("src/test/java/example/" + source + ".java"));
        String page = Files.readString(module.resolveSibling(name));

        String lines = PART.matcher(test).results().map(part -> part.group(1)).collect(Collectors.joining("\n"));
        String shown = page.substring(page.indexOf(section + "\n"));
        shown = shown.substring(shown.indexOf("```java\n") + 8);
        shown = shown.substring(0, shown.indexOf("\n}\n```"));

        assertThat(stripped(shown)).containsExactlyElementsOf(stripped(lines));
    }

    @Test
    void dependencyOnThePageIsThisModule() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        String pom = Files.readString(module.resolve("pom.xml"));
        String page = Files.readString(module.resolveSibling("docs/library.md"));
        String dependency = page.substring(page.indexOf("<dependency>"), page.indexOf("</dependency>"));

        assertThat(element(dependency, "artifactId")).isEqualTo("scraper-core");
        assertThat(element(dependency, "groupId")).isEqualTo(element(pom, "groupId"));
        assertThat(element(dependency, "version")).isEqualTo(element(pom, "version"));
    }

    /** The first of its name; in a module's pom, the parent's. */
    private static String element(String xml, String name) {
        return xml.substring(xml.indexOf("<" + name + ">") + name.length() + 2, xml.indexOf("</" + name + ">"));
    }

    /** Without the indentation; a class that is nested in the test is not on the page. */
    private static List<String> stripped(String lines) {
        return lines.strip().lines().map(line -> line.strip().replaceFirst("^static class", "class")).toList();
    }
}
