package fanout.simulation;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table of mutations in a page of Markdown: what each breaks, and how many seeds it took to see it. Immutable. */
record MutationTable(String before, SortedMap<String, String> rows) {

    private static final String HEAD = "| mutation | what it breaks | seeds |\n|---|---|---|\n";
    private static final Pattern SEEDS = Pattern.compile("([\\d,]+) \\|$");
    private static final Pattern ROW = Pattern.compile("^\\| \\[([a-z-]+)]\\(.*\\|$", Pattern.MULTILINE);

    /** The table at the end of a page, which begins with its head. */
    static MutationTable of(String page) {
        int head = page.indexOf(HEAD);
        if (head < 0) {
            throw new IllegalArgumentException("no table of mutations in the page");
        }
        SortedMap<String, String> rows = ROW.matcher(page.substring(head))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), MatchResult::group, (a, _) -> a, TreeMap::new));
        return new MutationTable(page.substring(0, head), rows);
    }

    /** The rows of these mutations. */
    MutationTable only(Collection<String> names) {
        SortedMap<String, String> kept = new TreeMap<>(rows);
        kept.keySet().retainAll(names);
        return new MutationTable(before, kept);
    }

    MutationTable with(String name, String breaks, long seeds) {
        SortedMap<String, String> more = new TreeMap<>(rows);
        more.put(name, "| [%s](../src/test/mutations/simulation/%s.patch) | %s | %,d |".formatted(name, name,
                breaks.replace('\n', ' '), seeds));
        return new MutationTable(before, more);
    }

    /** The seed that shows a mutation, by its row: the last of those that it took; the first of all without a row. */
    long seed(String name) {
        return Optional.ofNullable(rows.get(name))
                .map(SEEDS::matcher)
                .filter(Matcher::find)
                .map(row -> Long.parseLong(row.group(1).replace(",", "")) - 1)
                .orElse(0L);
    }

    List<String> names() {
        return List.copyOf(rows.keySet());
    }

    String page() {
        return before + HEAD + rows.values().stream().map(row -> row + "\n").collect(Collectors.joining());
    }
}
