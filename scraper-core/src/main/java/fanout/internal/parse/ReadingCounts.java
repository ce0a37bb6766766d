package fanout.internal.parse;

import fanout.internal.markup.NeedsTree;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many pages were read as a stream, and how many as a tree.
 *
 * @param scanned as a stream alone, unless an extractor asked for the tree later
 * @param asked as a tree, because the job's rules look at it or it is no HTML
 * @param needed as a tree, because a scan could not be sure, by the reason
 */
record ReadingCounts(long scanned, long asked, Map<NeedsTree, Long> needed) {

    ReadingCounts {
        Map<NeedsTree, Long> copy = new EnumMap<>(NeedsTree.class);
        copy.putAll(needed);
        needed = Collections.unmodifiableMap(copy);
    }
}
