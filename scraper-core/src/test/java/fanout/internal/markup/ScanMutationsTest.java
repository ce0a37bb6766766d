package fanout.internal.markup;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.mutation.Mutant;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random pages and near misses tell a scan with a bug from one without: each bug of {@code src/test/mutations/markup}
 * is found.
 */
@Timeout(600)
class ScanMutationsTest {

    private static final String FOLDER = "markup/";
    private static final long MOST_PAGES = 60_000;
    private static final long NONE = -1;

    /** Looks for a page that the scan and the document say different things of, in whichever world it is loaded. */
    static final class Search implements Callable<Long> {

        @Override
        public Long call() {
            if (!NearMisses.PAGES.stream().allMatch(Search::scanKnowsItsLimits)) {
                return 0L;
            }
            for (long seed = 0; seed < MOST_PAGES; seed++) {
                if (!scanKnowsItsLimits(RandomMarkup.page(seed))) {
                    return seed;
                }
            }
            return NONE;
        }

        /** A scan that fails is wrong, too. */
        private static boolean scanKnowsItsLimits(String page) {
            try {
                Object scan = ScanOracle.byScan(page);
                return scan instanceof NeedsTree || scan.equals(ScanOracle.byTree(page));
            } catch (ArrayIndexOutOfBoundsException e) {
                return false;
            }
        }
    }

    static List<String> bugs() {
        return Mutant.names().stream().filter(name -> name.startsWith(FOLDER)).toList();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void eachBugIsFound(String bug) throws Exception {
        try (Mutant mutant = Mutant.of(bug)) {
            assertThat(mutant.create(Callable.class, Search.class).call()).as("the first page that shows that %s",
                    mutant.breaks()).isNotEqualTo(NONE);
        }
    }

    @Test
    void bugsAreThere() {
        assertThat(bugs()).hasSizeGreaterThan(9);
    }
}
