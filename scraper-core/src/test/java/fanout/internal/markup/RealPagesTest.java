package fanout.internal.markup;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.crawl.fixtures.RealPages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real pages are read as a stream, nearly all of them, and each with some changes: to what the document says. */
@Timeout(3_600)
class RealPagesTest {

    @Test
    void realPagesNeedNoTreeAndSayTheSame() throws IOException {
        Map<NeedsTree, Integer> reasons = new EnumMap<>(NeedsTree.class);
        List<Path> pages = RealPages.files();
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
}
