package fanout.app.reportpage;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has changed since the run before: its lines are learnt first, then each line of this run is compared, then the
 * lines of the run before are read again for those that have no successor. Confined to one thread.
 */
final class Changes {

    private static final long SEEN = 1L << 63;
    private static final int HASH_BITS = 34;
    private static final int TITLE_BITS = 16;

    private final LongTable before;
    private final Texts texts;
    private final Keys keys;
    private final int rows;
    private final Map<Kind, List<Change>> changes = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    /** @param rows changes of each kind that are kept */
    Changes(LongTable.Budget budget, Texts texts, Keys keys, int rows) {
        this.texts = texts;
        this.before = new LongTable(budget);
        this.keys = keys;
        this.rows = rows;
    }

    /** What became of a URL, the most urgent first. */
    enum Kind {
        FAILS("fails now"), GONE("not found any more"), REPAIRED("works again"), REDIRECTS("redirects now"),
        NEW("new"), CONTENT("content changed"), TITLE("title changed");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /**
     * A URL that is not as it was.
     *
     * @param was its status or outcome in the run before; empty if it is new
     * @param is its status or outcome in this run; empty if it is gone
     */
    record Change(String url, String was, String is, @Nullable String title) {}

    /** Takes a line of the run before. */
    void learn(PageLine line) {
        if (!line.found().isExternal()) {
            before.put(line.key(), packed(line));
        }
    }

    /** Returns kind, status, and parts of the digests of content and title in one number. */
    private long packed(PageLine line) {
        String hash = line.answer().contentHash();
        String title = line.answer().title();
        long content = hash == null ? 0 : keys.of(hash) >>> (63 - HASH_BITS);
        long heading = title == null ? 0 : keys.of(title) >>> (63 - TITLE_BITS);
        long status = line.result().status() & 0x3FF;
        return (((long) line.kind().number() << 10) | status) << (HASH_BITS + TITLE_BITS) | (content << TITLE_BITS)
                | heading;
    }

    private static PageLine.Kind kind(long packed) {
        return PageLine.Kind.of((int) (packed >>> (HASH_BITS + TITLE_BITS + 10)) & 3);
    }

    private static String label(long packed) {
        int status = (int) (packed >>> (HASH_BITS + TITLE_BITS)) & 0x3FF;
        return status == 0 ? kind(packed).label() : String.valueOf(status);
    }

    /** Compares a line of this run. */
    void compare(PageLine line) {
        if (line.found().isExternal()) {
            return;
        }
        long was = before.get(line.key(), SEEN);
        if (was == SEEN) {
            if (line.kind() == PageLine.Kind.PAGE && !before.isFull()) {
                add(Kind.NEW, line, "");
            }
            return;
        }
        before.put(line.key(), was | SEEN);
        Kind change = change(was, line);
        if (change != null) {
            add(change, line, label(was));
        }
    }

    private @Nullable Kind change(long was, PageLine line) {
        PageLine.Kind kind = kind(was);
        boolean isBoth = kind == PageLine.Kind.PAGE && line.kind() == PageLine.Kind.PAGE;
        if (isBoth) {
            long is = packed(line);
            long contentWas = was >>> TITLE_BITS & ((1L << HASH_BITS) - 1);
            long contentIs = is >>> TITLE_BITS & ((1L << HASH_BITS) - 1);
            boolean areKnown = contentWas != 0 && contentIs != 0; // a body that was not read has neither
            boolean isOtherTitle = (was & ((1L << TITLE_BITS) - 1)) != (is & ((1L << TITLE_BITS) - 1));
            boolean isOtherContent = contentWas != contentIs;
            return !areKnown ? null : isOtherTitle ? Kind.TITLE : isOtherContent ? Kind.CONTENT : null;
        }
        return switch (line.kind()) {
            case FAILED -> kind == PageLine.Kind.FAILED ? null : Kind.FAILS;
            case PAGE -> kind == PageLine.Kind.FAILED ? Kind.REPAIRED : null;
            case REDIRECTED -> kind == PageLine.Kind.PAGE ? Kind.REDIRECTS : null;
            case LEFT -> null;
        };
    }

    /** Takes a line of the run before again, when all lines of this run were compared. */
    void findGone(PageLine line) {
        long was = before.get(line.key(), SEEN);
        if (was >= 0 && kind(was) == PageLine.Kind.PAGE) {
            add(Kind.GONE, new Change(line.url(), label(was), "", Texts.cut(line.answer().title())));
        }
    }

    private void add(Kind kind, PageLine line, String was) {
        add(kind, new Change(line.url(), was, line.result().label(), Texts.cut(line.answer().title())));
    }

    private void add(Kind kind, Change change) {
        counts.merge(kind, 1L, Long::sum);
        List<Change> kept = changes.computeIfAbsent(kind, _ -> new ArrayList<>());
        if (kept.size() < rows && texts.take(change.url, change.title)) {
            kept.add(change);
        }
    }

    long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** Returns the first changes of a kind. */
    List<Change> of(Kind kind) {
        return List.copyOf(changes.getOrDefault(kind, List.of()));
    }

    /** Returns whether the run before had more URLs than fit into the memory. */
    boolean isPartial() {
        return before.isFull();
    }
}
