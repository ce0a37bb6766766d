package fanout.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real pages are read as a stream, nearly all of them, and each with some changes: to what the document says. */
@Timeout(3_600)
class RealPagesTest {

    private static final Path ROOT = Path.of(System.getProperty("fanout.html", "/usr/share/doc/python3-doc/html"));

    @Test
    void realPagesNeedNoTreeAndSayTheSame() throws IOException {
        Map<NeedsTree, Integer> reasons = new EnumMap<>(NeedsTree.class);
        List<Path> pages = pages();
        int changed = 0;
        for (Path file : pages) {
            String page = Files.readString(file, StandardCharsets.UTF_8);
            Object scan = ScanOracle.byScan(page);
            if (scan instanceof NeedsTree reason) {
                reasons.merge(reason, 1, Integer::sum);
            } else {
                assertThat(scan).as("%s", file).isEqualTo(ScanOracle.byTree(page));
            }
            String other = RandomMarkup.changed(page, changed++);
            Object scanOfOther = ScanOracle.byScan(other);
            if (scanOfOther instanceof ScanOracle) {
                assertThat(scanOfOther).as("%s, seed %d", file, changed - 1).isEqualTo(ScanOracle.byTree(other));
            }
        }
        int fellBack = reasons.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(fellBack).as("of %d pages need a tree: %s", pages.size(), reasons)
                .isLessThanOrEqualTo(pages.size() / 100);
    }

    private static List<Path> pages() throws IOException {
        boolean present = Files.isDirectory(ROOT);
        if (Boolean.getBoolean("fanout.ci")) {
            assertTrue(present, ROOT + " is missing: in CI the Debian package python3-doc must be installed");
        }
        assumeTrue(present, ROOT + " is missing: install the Debian package python3-doc to run this test");
        try (Stream<Path> files = Files.walk(ROOT.toRealPath())) { // the package's folder is a link, which a walk would not enter
            return files.filter(file -> file.toString().endsWith(".html"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }
}
