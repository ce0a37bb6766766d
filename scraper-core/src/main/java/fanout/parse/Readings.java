package fanout.parse;

import fanout.markup.NeedsTree;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts how pages are read. Thread-safe. */
final class Readings {

    private final LongAdder scanned = new LongAdder();
    private final LongAdder asked = new LongAdder();
    private final Map<NeedsTree, LongAdder> needed = new EnumMap<>(NeedsTree.class);

    Readings() {
        for (NeedsTree reason : NeedsTree.values()) {
            needed.put(reason, new LongAdder());
        }
    }

    void scanned() {
        scanned.increment();
    }

    void asked() {
        asked.increment();
    }

    void needed(NeedsTree reason) {
        Objects.requireNonNull(needed.get(reason)).increment();
    }

    ReadingCounts counts() {
        Map<NeedsTree, Long> reasons = new EnumMap<>(NeedsTree.class);
        needed.forEach((reason, count) -> reasons.put(reason, count.sum()));
        reasons.values().removeIf(count -> count == 0);
        return new ReadingCounts(scanned.sum(), asked.sum(), reasons);
    }
}
