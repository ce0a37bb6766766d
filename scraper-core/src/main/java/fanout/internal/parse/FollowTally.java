package fanout.internal.parse;

import fanout.page.PageFollow;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what follow rules come to in all pages of a crawl: a rule that is wrong makes no page fail. Thread-safe.
 */
public final class FollowTally {

    /**
     * What a rule has come to.
     *
     * @param entry as in {@link PageFollow}
     * @param links matches that are links, in all pages
     * @param noLinks other matches
     * @param example the URL of a page with one of these, and why it is none; null if there is none
     */
    public record Sum(String entry, long links, long noLinks, @Nullable Example example) {

        /** A page on which a match is no link. */
        public record Example(CanonicalUrl page, String reason) {}
    }

    private static final class Counts {

        private final String entry;
        private final LongAdder links = new LongAdder();
        private final LongAdder noLinks = new LongAdder();
        private final AtomicReference<Sum.@Nullable Example> example = new AtomicReference<>();

        private Counts(String entry) {
            this.entry = entry;
        }
    }

    private final List<Counts> rules;

    FollowTally(List<String> entries) {
        this.rules = entries.stream().map(Counts::new).toList();
    }

    /** Counts a page, whose rules are those of the job in their order. */
    void add(CanonicalUrl page, List<PageFollow> found) {
        for (int rule = 0; rule < found.size(); rule++) {
            PageFollow here = found.get(rule);
            Counts counts = rules.get(rule);
            counts.links.add(here.links());
            if (here.matches() > here.links()) {
                counts.noLinks.add((long) here.matches() - here.links());
                if (counts.example.get() == null) {
                    counts.example.compareAndSet(null, new Sum.Example(page, here.reasons().getFirst()));
                }
            }
        }
    }

    List<Sum> sums() {
        return rules.stream()
                .map(rule -> new Sum(rule.entry, rule.links.sum(), rule.noLinks.sum(), rule.example.get()))
                .toList();
    }
}
