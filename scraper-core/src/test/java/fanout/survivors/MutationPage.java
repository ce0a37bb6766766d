package fanout.survivors;

import fanout.survivors.PitMutant.Survivor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Judges PIT's reports, and writes {@code docs/mutation.md} anew with them. For {@code load-tests/bin/mutants}. */
public final class MutationPage {

    private static final String FIGURES = """
            | package | mutants | found | not reached | score | test strength |
            |---|---|---|---|---|---|
            """;
    private static final String SURVIVORS = "## Survivors, and why\n";

    private MutationPage() {}

    /**
     * Prints each package's figures, and each survivor for which there is no reason. Exits with 1 if there is one.
     *
     * @param args the checkout's folder, {@code check} or {@code write}, and packages as {@code fanout.url}
     */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        List<PitReport> reports = new ArrayList<>();
        for (String name : List.of(args).subList(2, args.length)) {
            Path module = root.resolve(name.startsWith("fanout.app") ? "scraper-app" : "scraper-core");
            reports.add(PitReport.read(module.resolve("target/mutants").resolve(name).resolve("mutations.xml"),
                    name.substring("fanout.".length()), module.resolve("src/main/java")));
        }
        Path tests = root.resolve("scraper-core/src/test/mutations/survivors.txt");
        Reasons reasons = Reasons.read(Files.readAllLines(tests));
        reports.forEach(report -> System.out.println(row(report)));
        List<String> complaints = complaints(reports, reasons);
        complaints.forEach(System.out::println);
        if (args[1].equals("write")) {
            Path page = root.resolve("scraper-core/docs/mutation.md");
            Files.writeString(page, written(Files.readString(page), reports, reasons));
        } else if (!complaints.isEmpty()) {
            System.out.println("\nFind them with a test, or say in " + root.relativize(tests) + " why no test can.");
            System.exit(1);
        }
    }

    /** Survivors without a reason, and reasons for what does not survive. */
    static List<String> complaints(List<PitReport> reports, Reasons reasons) {
        List<String> complaints = new ArrayList<>();
        for (PitReport report : reports) {
            Set<Survivor> survivors = new LinkedHashSet<>(report.survivors());
            survivors.stream()
                    .filter(survivor -> !reasons.of().containsKey(survivor))
                    .forEach(survivor -> complaints.add("\nSurvives:\n" + survivor));
            reasons.of()
                    .keySet()
                    .stream()
                    .filter(survivor -> packageOf(survivor).equals(report.name()) && !survivors.contains(survivor))
                    .forEach(survivor -> complaints.add("\nDoes not survive:\n" + survivor));
        }
        return complaints;
    }

    /** The page with new rows for these packages, the old ones for others, and all reasons. */
    static String written(String page, List<PitReport> reports, Reasons reasons) {
        int figures = page.indexOf(FIGURES) + FIGURES.length();
        int end = page.indexOf("\n\n", figures - 1) + 1;
        int survivors = page.indexOf(SURVIVORS);
        if (figures < FIGURES.length() || end == 0 || survivors < 0) {
            throw new IllegalArgumentException("the page has lost its table or its headings");
        }
        Map<String, String> rows = new TreeMap<>();
        page.substring(figures, end).lines().forEach(row -> rows.put(row.split("\\|", 3)[1], row));
        reports.forEach(report -> rows.put(row(report).split("\\|", 3)[1], row(report)));
        StringBuilder out = new StringBuilder(page.substring(0, figures));
        rows.values().forEach(row -> out.append(row).append('\n'));
        return out.append(page, end, survivors).append(SURVIVORS).append(section(reasons)).toString();
    }

    private static String row(PitReport report) {
        long all = report.mutants().size();
        return String.format(Locale.ROOT, "| `%s` | %d | %d | %d | %s | %s |", report.name(), all, report.found(),
                all - report.reached(), percent(report.found(), all), percent(report.found(), report.reached()));
    }

    private static String percent(long part, long all) {
        return all == 0 ? "–" : Math.floorDiv(100 * part, all) + " %";
    }

    private static String section(Reasons reasons) {
        StringBuilder out = new StringBuilder();
        Map<String, Map<Survivor, String>> packages = new TreeMap<>();
        reasons.of()
                .forEach((survivor, reason) -> packages
                        .computeIfAbsent(packageOf(survivor), name -> new LinkedHashMap<>())
                        .put(survivor, reason));
        for (Map.Entry<String, Map<Survivor, String>> entry : packages.entrySet()) {
            out.append("\n### ")
                    .append(entry.getKey())
                    .append("\n\n| where | line | change | why no test finds it |\n")
                    .append("|---|---|---|---|\n");
            entry.getValue()
                    .forEach((survivor, reason) -> out
                            .append("| `")
                            .append(survivor.method().substring(entry.getKey().length() + 1))
                            .append("` | `")
                            .append(survivor.code().replace("|", "\\|"))
                            .append("` | ")
                            .append(survivor.change())
                            .append(" | ")
                            .append(reason)
                            .append(" |\n"));
        }
        return out.toString();
    }

    /** Packages are written small, classes are not. */
    private static String packageOf(Survivor survivor) {
        StringBuilder name = new StringBuilder();
        for (String part : survivor.method().split("\\.", -1)) {
            if (Character.isUpperCase(part.charAt(0))) {
                break;
            }
            name.append(name.isEmpty() ? "" : ".").append(part);
        }
        return name.toString();
    }
}
