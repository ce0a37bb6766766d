package fanout.report;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether a crawl has brought what its job expects. Immutable.
 *
 * @param isJudged whether something is expected, and the crawl ended as {@code exhausted} or {@code maxPages}
 * @param checks one for each expectation; empty if it is not judged
 * @param whyNot why it is not judged, in words for people; empty if it is, or if nothing is expected
 * @param before the last run before this one that was judged, as far as it is known; of a run that is not judged
 *     itself, too, because the next run compares itself with that
 */
public record Judgement(
        boolean isJudged,
        List<Check> checks,
        Optional<String> whyNot,
        Optional<JudgedRun> before) {

    /** Of a crawl of which nothing is expected, and whose runs before are not known. */
    public static final Judgement NONE =
            new Judgement(false, List.of(), Optional.empty(), Optional.empty());

    public Judgement {
        checks = List.copyOf(checks);
    }

    /** Whether an expectation does not hold. */
    public boolean isBroken() {
        return !broken().isEmpty();
    }

    /** The expectations that do not hold. */
    public List<Check> broken() {
        return checks.stream().filter(check -> !check.holds()).toList();
    }

    /**
     * An expectation, and what was found.
     *
     * @param key of the job under {@code expect}, as in {@code filled.products.price}
     * @param wanted pages, items or percent, at least or at most as the key says
     * @param found the same of this run; empty if there is nothing to compare
     * @param detail what was found and what was wanted, in words for people
     */
    public record Check(String key, long wanted, Optional<BigDecimal> found, boolean holds, String detail) {

        /** One line for people, which names the key of the job. */
        public String line() {
            return "expect." + key + ": " + detail;
        }
    }

    /**
     * Figures of a run, with which a later one is compared.
     *
     * @param startedAt when its crawl began
     * @param pages as {@link CrawlReport#pages} counts them
     */
    public record JudgedRun(Instant startedAt, long pages, long items) {}
}
