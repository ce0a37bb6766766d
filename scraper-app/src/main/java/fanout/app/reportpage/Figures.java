package fanout.app.reportpage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the lines of a run add up to: outcomes, statuses, sections, types, depths and times. A link out of scope that
 * was asked for counts among the statuses only. Confined to one thread.
 */
final class Figures {

    private static final int MOST_NAMES = 20_000;
    private static final int MOST_HOSTS = 1_000;
    private static final int MOST_CHARACTERS = 120;
    private static final int DEEPEST = 1_000;

    private final int rows;
    private final Tally<Counts> statuses = new Tally<>(MOST_NAMES, Counts::new);
    private final Tally<Counts> sections = new Tally<>(MOST_NAMES, Counts::new);
    private final Tally<Counts> types = new Tally<>(MOST_NAMES, Counts::new);
    private final NavigableMap<Integer, Counts> depths = new TreeMap<>();
    private final Counts all = new Counts();
    private final Counts external = new Counts();
    private final Durations durations = new Durations();
    private final Set<String> origins = new HashSet<>();
    private final PriorityQueue<Slow> slow = new PriorityQueue<>(Comparator.comparingLong(Slow::durationMs));
    private final List<String> untitled = new ArrayList<>();
    private long withoutTitle;

    /** @param rows how many pages a list names at most */
    Figures(int rows) {
        this.rows = rows;
    }

    /** A page and how long it took. */
    record Slow(String url, long durationMs, long bytes) {}

    /** What lines of one kind add up to. */
    static final class Counts {

        private final long[] kinds = new long[PageLine.Kind.values().length];
        private long clientErrors;
        private long serverErrors;
        private long bytes;
        private long durationMs;

        private void add(PageLine line) {
            kinds[line.kind().number()]++;
            if (line.kind() == PageLine.Kind.FAILED) {
                clientErrors += line.result().status() / 100 == 4 ? 1 : 0;
                serverErrors += line.result().status() / 100 == 5 ? 1 : 0;
            }
            if (line.kind() == PageLine.Kind.PAGE) {
                bytes += line.answer().bytes();
                durationMs += Math.max(0, line.durationMs());
            }
        }

        long of(PageLine.Kind kind) {
            return kinds[kind.number()];
        }

        long sum() {
            long sum = 0;
            for (long count : kinds) {
                sum += count;
            }
            return sum;
        }

        long clientErrors() {
            return clientErrors;
        }

        long serverErrors() {
            return serverErrors;
        }

        /** Returns failures without an answer that explains them. */
        long otherFailures() {
            return of(PageLine.Kind.FAILED) - clientErrors - serverErrors;
        }

        /** Returns the decoded bytes of pages. */
        long bytes() {
            return bytes;
        }

        /** Returns the mean time that a page took. */
        long meanMs() {
            long pages = of(PageLine.Kind.PAGE);
            return pages == 0 ? 0 : durationMs / pages;
        }
    }

    /** How many pages took how long, exact below a minute. */
    static final class Durations {

        private static final int MOST_MS = 60_000;

        private final long[] counts = new long[MOST_MS + 1];
        private long sum;

        private void add(long durationMs) {
            counts[(int) Math.min(MOST_MS, durationMs)]++;
            sum++;
        }

        long sum() {
            return sum;
        }

        /** Returns how many pages took from so long to less than so long. */
        long between(long fromMs, long toMs) {
            long found = 0;
            for (long ms = fromMs; ms < Math.min(toMs, counts.length); ms++) {
                found += counts[(int) ms];
            }
            return found;
        }

        /** Returns the time that this share of the pages did not exceed; a minute for all longer ones. */
        long quantileMs(double share) {
            long wanted = (long) Math.ceil(share * sum);
            long seen = 0;
            for (int ms = 0; ms < counts.length; ms++) {
                seen += counts[ms];
                if (seen >= wanted && seen > 0) {
                    return ms;
                }
            }
            return 0;
        }
    }

    void add(PageLine line) {
        statuses.of(line.result().label()).add(line);
        if (line.found().isExternal()) {
            external.add(line);
            return;
        }
        all.add(line);
        sections.of(section(line.url())).add(line);
        depths.computeIfAbsent(Math.clamp(line.found().depth(), 0, DEEPEST), _ -> new Counts()).add(line);
        if (line.kind() != PageLine.Kind.PAGE) {
            return;
        }
        String type = line.answer().type();
        types.of(type == null ? "unknown" : type.substring(0, Math.min(type.length(), MOST_CHARACTERS))).add(line);
        if (line.durationMs() >= 0) {
            durations.add(line.durationMs());
            addSlow(line);
        }
        if (line.answer().isHtml() && line.answer().title() == null) {
            withoutTitle++;
            if (untitled.size() < rows) {
                untitled.add(line.url());
            }
        }
    }

    private void addSlow(PageLine line) {
        if (slow.size() == rows && (rows == 0 || slow.element().durationMs() >= line.durationMs())) {
            return;
        }
        slow.add(new Slow(line.url(), line.durationMs(), line.answer().bytes()));
        if (slow.size() > rows) {
            slow.remove();
        }
    }

    /** Returns the origin and the first folder of the path. */
    private String section(String url) {
        int host = url.indexOf("://") + 3;
        int path = url.indexOf('/', host);
        if (path < 0) {
            return url;
        }
        String origin = url.substring(0, path);
        if (origins.size() < MOST_HOSTS) {
            origins.add(origin);
        }
        int query = url.indexOf('?', path);
        int end = url.indexOf('/', path + 1);
        boolean isFolder = end > 0 && (query < 0 || end < query);
        return origin + (isFolder ? url.substring(path, Math.min(end + 1, path + MOST_CHARACTERS)) : "/");
    }

    /** Returns the part of a section's name that tells it from the others. */
    String shownSection(String name) {
        int path = name.indexOf('/', name.indexOf("://") + 3);
        return origins.size() > 1 || path < 0 ? name : name.substring(path);
    }

    Counts all() {
        return all;
    }

    /** Returns the sum of links out of scope. */
    Counts external() {
        return external;
    }

    Tally<Counts> statuses() {
        return statuses;
    }

    Tally<Counts> sections() {
        return sections;
    }

    Tally<Counts> types() {
        return types;
    }

    NavigableMap<Integer, Counts> depths() {
        return depths;
    }

    Durations durations() {
        return durations;
    }

    /** Returns the slowest pages, the slowest first. */
    List<Slow> slowest() {
        return slow.stream().sorted(Comparator.comparingLong(Slow::durationMs).reversed()).toList();
    }

    /** Returns how many HTML pages have no title. */
    long withoutTitle() {
        return withoutTitle;
    }

    /** Returns the first of these. */
    List<String> untitled() {
        return List.copyOf(untitled);
    }
}
