package fanout.internal.parse;

import fanout.internal.parse.Conversion.Miss;
import fanout.internal.text.TextView;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;

/**
 * One run of the rules over a page: what they need in addition to the page's content.
 *
 * @param misses gets the reason for each value that is missing
 */
record Visit(PageFacts facts, ItemBudget budget, Misses misses) {

    /** Whether reasons are asked for, which may take a while to find. */
    boolean asksWhy() {
        return misses.areRead();
    }

    /** How elements are read as text: in whole, with links that are absolute. */
    TextView textView() {
        LinkBase base = facts.base();
        return new TextView(_ -> false,
                TextView.absolute(link -> base.resolve(link).map(CanonicalUrl::toString)), budget::checkRoom);
    }

    /** Gets reasons. */
    @FunctionalInterface
    interface Misses {

        /** No audit is wanted. */
        Misses IGNORED = new Misses() {
            @Override
            public void missing(String field, Miss reason) {} // nothing reads it

            @Override
            public boolean areRead() {
                return false;
            }
        };

        void missing(String field, Miss reason);

        /** Whether anything reads them. */
        default boolean areRead() {
            return true;
        }
    }
}
