package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published documentation shows the API: every package but those that are the crawler's own. */
class JavadocTest {

    private static final Path SOURCES = Path.of("src/main/java");

    /** The star stands for all packages below. */
    @Test
    void packagesLeftOutAreThoseMarkedInternal() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String element = "excludePackageNames>";
        String names = pom.substring(pom.indexOf(element) + element.length(), pom.indexOf("</" + element));

        assertThat(names).endsWith(".*");
        assertThat(packages(_ -> true)).filteredOn(each -> each.startsWith(names.substring(0, names.length() - 1)))
                .containsExactlyElementsOf(packages(JavadocTest::isInternal));
    }

    private static List<String> packages(Predicate<Path> which) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> packages = files.filter(file -> file.endsWith("package-info.java")).toList();
            assertThat(packages).hasSizeGreaterThan(20);
            return packages.stream()
                    .filter(which)
                    .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isInternal(Path packageInfo) {
        try {
            return Files.readString(packageInfo).contains("\n@Internal\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
