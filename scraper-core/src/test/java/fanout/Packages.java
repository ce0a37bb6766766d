package fanout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which package may use which, as {@link ArchitectureTest} holds it, and the page that shows it. */
final class Packages {

    /**
     * Each package with those that it may use. {@code fanout} itself, the front, may use all, and all may use
     * {@code fanout.internal.annotation}. A change here is a decision, and decisions have a page in {@code docs/adr}.
     */
    static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("codec", Set.of()),
            Map.entry("json", Set.of()),
            Map.entry("leak", Set.of()),
            Map.entry("task", Set.of("outcome", "report")),
            Map.entry("url", Set.of()),
            Map.entry("limit", Set.of("leak", "outcome", "task", "url")),
            Map.entry("page", Set.of("url")),
            Map.entry("markup", Set.of("limit")),
            Map.entry("text", Set.of("limit")),
            Map.entry("outcome", Set.of("page", "url")),
            Map.entry("fetch", Set.of("leak", "outcome", "page", "task", "url")),
            Map.entry("job", Set.of("codec", "json", "markup", "page", "url")),
            Map.entry("report", Set.of("outcome")),
            Map.entry("host", Set.of("job", "outcome", "page", "task", "url")),
            Map.entry("http", Set.of("codec", "fetch", "job", "leak", "limit", "outcome", "page", "task", "url")),
            Map.entry("journal", Set.of("job", "outcome", "page", "task", "url")),
            Map.entry("parse", Set.of("codec", "job", "json", "limit", "markup", "outcome", "page", "task", "text",
                    "url")),
            Map.entry("frontier",
                    Set.of("host", "job", "journal", "leak", "limit", "outcome", "page", "report", "task", "url")),
            Map.entry("sink", Set.of("journal", "outcome", "page", "report", "task", "url")),
            Map.entry("site", Set.of("codec", "host", "job", "limit", "outcome", "task", "url")),
            Map.entry("worker",
                    Set.of("fetch", "frontier", "host", "job", "limit", "outcome", "page", "parse", "site", "task",
                            "url")),
            Map.entry("metrics",
                    Set.of("fetch", "frontier", "host", "outcome", "page", "sink", "task", "url", "worker")));

    /** What a program may use; {@code docs/library.md} says what it has. */
    static final Set<String> PUBLIC =
            Set.of("job", "url", "page", "outcome", "report", "sink", "journal", "leak");

    /** Where all others are. */
    private static final String INTERNAL = "fanout.internal.";

    private static final Pattern SUMMARY = Pattern.compile("/\\*\\*[\\s*]*(.*?)\\s*\\*/", Pattern.DOTALL);

    private Packages() {}

    /** Returns the full name of a package of the table. */
    static String fullName(String name) {
        return (PUBLIC.contains(name) ? "fanout." : INTERNAL) + name;
    }

    /** Returns the name in the table of a package, or of one below it: {@code leak} of {@code fanout.leak.junit}. */
    static String nameOf(String packageName) {
        return MAY_USE.keySet()
                .stream()
                .filter(name -> (packageName + ".").startsWith(fullName(name) + "."))
                .findFirst()
                .orElse(packageName);
    }

    /** How many packages lie below this one, on the longest way down. */
    static int floorOf(String name) {
        return MAY_USE.get(name).stream().mapToInt(below -> floorOf(below) + 1).max().orElse(0);
    }

    /** The page, made from the table and from what each package says of itself. */
    static String page(Path sources) {
        StringBuilder page = new StringBuilder(
                """
                        # Packages

                        <!-- Made from fanout.Packages (src/test); -Dfanout.write=true writes it, see CONTRIBUTING.md -->

                        Data flows one way: a job enters at `fanout`, its URLs are admitted (`frontier`) and wait at their
                        hosts until it is the turn of one (`host`). A `worker` takes one, fetches it (`fetch`, `http`),
                        parses it (`parse`, `markup`, `text`) and gives outcome and links back to `frontier`. That makes a step of
                        what became final, which the worker sends through a channel (`task`) to `sink`.

                        Each package may use those below it that its row names, and no other. `fanout` may use all.

                        ```
                        """);
        SortedMap<Integer, Set<String>> floors = new TreeMap<>(java.util.Comparator.reverseOrder());
        MAY_USE.keySet().forEach(name -> floors.computeIfAbsent(floorOf(name), _ -> new TreeSet<>()).add(name));
        page.append("   ").append("fanout").append('\n');
        floors.forEach(
                (floor, names) -> page.append("%2d ".formatted(floor)).append(String.join("  ", names)).append('\n'));
        page.append("""
                ```

                | package | is | uses |
                |---|---|---|
                """);
        Map<String, Set<String>> rows = new LinkedHashMap<>();
        floors.values().forEach(names -> names.forEach(name -> rows.put(name, MAY_USE.get(name))));
        rows.forEach((name, uses) -> page.append("| `%s` | %s | %s |%n".formatted(name, summary(sources, name),
                uses.stream().sorted().map("`%s`"::formatted).collect(Collectors.joining(" ")))));
        return page.toString();
    }

    private static String summary(Path sources, String name) {
        try {
            Matcher summary =
                    SUMMARY.matcher(
                            Files.readString(sources.resolve(fullName(name).replace('.', '/') + "/package-info.java")));
            if (!summary.find()) {
                throw new IllegalStateException("no Javadoc on package " + name);
            }
            return summary.group(1)
                    .replaceAll("\\s*\\n \\* ?", " ")
                    .replaceAll("\\{@link [\\w.]*?(\\w+)}", "`$1`")
                    .replaceAll("\\s*<p>.*", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all packages, the front excepted. */
    static List<String> names() {
        return MAY_USE.keySet().stream().sorted().toList();
    }
}
