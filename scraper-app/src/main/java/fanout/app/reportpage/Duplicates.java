package fanout.app.reportpage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Pages that have something in common which each should have for itself: a title, a content. The first reading counts,
 * {@link #choose} picks the largest groups, and the second reading collects their pages. Confined to one thread.
 */
final class Duplicates {

    private final LongTable counts;
    private final Texts texts;
    private final int rows;
    private final int pagesOfGroup;
    private final Map<Long, Group> chosen = new HashMap<>();
    private long groups;
    private long pages;

    /**
     * Nothing yet.
     *
     * @param rows groups that are collected at most
     * @param pagesOfGroup pages of each that are collected at most
     */
    Duplicates(LongTable.Budget budget, Texts texts, int rows, int pagesOfGroup) {
        this.texts = texts;
        this.counts = new LongTable(budget);
        this.rows = rows;
        this.pagesOfGroup = pagesOfGroup;
    }

    /** Pages with the same. */
    static final class Group {

        private final long size;
        private final List<String> urls = new ArrayList<>();
        private @Nullable String text;

        private Group(long size) {
            this.size = size;
        }

        /** Returns how many pages it has. */
        long size() {
            return size;
        }

        /** Returns the first of them. */
        List<String> urls() {
            return List.copyOf(urls);
        }

        /** Returns what they have in common, for people. */
        Optional<String> text() {
            return Optional.ofNullable(text);
        }
    }

    private record Size(long key, long count) {}

    /** Counts one page. */
    void count(long key) {
        counts.add(key, 1);
    }

    /** Picks the largest groups. */
    void choose() {
        Comparator<Size> smallestFirst = Comparator.comparingLong(Size::count).thenComparingLong(Size::key);
        PriorityQueue<Size> largest = new PriorityQueue<>(smallestFirst);
        counts.forEach((key, count) -> {
            if (count > 1) {
                groups++;
                pages += count;
                largest.add(new Size(key, count));
                if (largest.size() > rows) {
                    largest.remove();
                }
            }
        });
        largest.forEach(size -> chosen.put(size.key, new Group(size.count)));
    }

    /** Takes one page of the second reading. */
    void collect(long key, @Nullable String text, String url) {
        Group group = chosen.get(key);
        if (group != null && group.urls.size() < pagesOfGroup && texts.take(text, url)) {
            group.text = group.text == null ? text : group.text;
            group.urls.add(url);
        }
    }

    /** Returns how many groups there are. */
    long groupCount() {
        return groups;
    }

    /** Returns how many pages are in a group. */
    long pageCount() {
        return pages;
    }

    /** Returns whether there were more different ones than fit into the memory. */
    boolean isPartial() {
        return counts.isFull();
    }

    /** Returns the chosen groups, the largest first. */
    List<Group> groups() {
        return chosen.values()
                .stream()
                .sorted(Comparator.comparingLong(Group::size)
                        .reversed()
                        .thenComparing(group -> group.urls.isEmpty() ? "" : group.urls.getFirst()))
                .toList();
    }
}
