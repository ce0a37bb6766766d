package fanout.internal.markup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random pages are read twice, as a stream and as jsoup's document, and both must say the same. */
@Timeout(3_600)
class ScanAgainstTreeTest {

    private static final long PAGES = Long.getLong("fanout.pages", Boolean.getBoolean("fanout.ci") ? 10_000 : 1_500);
    private static final long FIRST = Long.getLong("fanout.firstSeed", 0);

    @Test
    void scanSaysWhatTheDocumentSaysOrThatItCannot() {
        Map<NeedsTree, Integer> reasons = new EnumMap<>(NeedsTree.class);
        int scanned = 0;
        for (long seed = FIRST; seed < FIRST + PAGES; seed++) {
            String page = RandomMarkup.page(seed);
            Object scan = ScanOracle.byScan(page);
            if (scan instanceof NeedsTree reason) {
                reasons.merge(reason, 1, Integer::sum);
            } else {
                assertThat(scan).as("seed %d: %s", seed, page).isEqualTo(ScanOracle.byTree(page));
                scanned++;
            }
        }
        assertThat(scanned).as("scanned; the others need a tree: %s", reasons).isGreaterThan((int) (PAGES / 2));
        assertThat(reasons).as("reasons").hasSizeGreaterThan(PAGES < 10_000 ? 9 : NeedsTree.values().length - 1);
    }
}
