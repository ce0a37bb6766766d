package fanout.page;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What one of the job's rules made of one place in a page, for authors of jobs who ask why a value is missing.
 * Immutable.
 *
 * @param missing the reason for each field that has no value, or only an empty text; for objects in an item with
 *     their path,
 *     as in {@code offers[0].price}. Under {@code each}, why the rule has no place in the page
 */
public record PageItem(String rule, Fate fate, SequencedMap<String, String> missing) {

    public PageItem {
        missing = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(missing));
    }

    /** What became of it. */
    public enum Fate {
        /** An item. */
        WRITTEN,
        /** Nothing: no field that depends on the page has a value that is more than an empty text. */
        EMPTY,
        /** Dropped: a required field has no value. */
        DROPPED,
        /** The rule's {@code each} picks nothing in the page. */
        NO_MATCH
    }
}
