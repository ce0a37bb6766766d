package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The page that is made from the catalogue: a section for each pitfall, with links into its source. */
final class PitfallsPage {

    private static final String HEAD =
            """
                    # Pitfalls

                    What goes wrong when work is fanned out to threads, and what to ask when you review such code. Each
                    pitfall is a file with the broken code, the fixed code, the schedule that shows the difference, and a
                    test that proves both under it. This page is made from these files, see [CONTRIBUTING](CONTRIBUTING.md).

                    Which one, channel, mutex, read-write lock or atomic, is a question of what it guards first and of
                    speed second: for the second see [load-tests](load-tests/RESULTS.md).
                    """;

    private final Path root;
    private final StringBuilder text = new StringBuilder(HEAD);

    PitfallsPage(Path root) {
        this.root = root;
    }

    void add(Class<?> pitfall) throws IOException {
        Pitfall entry = pitfall.getAnnotation(Pitfall.class);
        String file = "scraper-core/src/test/java/" + pitfall.getName().replace('.', '/') + ".java";
        List<String> lines = Files.readAllLines(root.resolve(file));
        text.append("""

                ## %s

                %s

                %s

                %s

                [broken](%s)
                · [fixed](%s)
                · in the crawler: [%s](%s)%s
                """.formatted(entry.id(), wrapped("**" + entry.question() + "**"), wrapped(symptom(lines)),
                wrapped("In Go: " + entry.go() + "."),
                at(file, lines, "class Broken "),
                at(file, lines, "class Fixed "), entry.embodiedBy().getSimpleName(), production(entry.embodiedBy()),
                seen(entry)));
    }

    String text() {
        return text.toString();
    }

    /** The first paragraph of the first Javadoc. */
    private static String symptom(List<String> lines) {
        String paragraph = lines.stream()
                .dropWhile(line -> !line.equals("/**"))
                .skip(1)
                .takeWhile(line -> !line.equals(" *") && !line.equals(" */"))
                .map(line -> line.substring(" * ".length()))
                .collect(Collectors.joining(" "));
        assertThat(paragraph).as("the symptom").endsWith(".");
        return paragraph.replaceAll("\\{@code ([^}]*)}", "`$1`");
    }

    /** Breaks a paragraph into lines of at most 120 characters. */
    private static String wrapped(String paragraph) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : paragraph.split(" ", -1)) {
            boolean fits = column + 1 + word.length() <= 120;
            lines.append(column == 0 ? "" : fits ? " " : "\n").append(word);
            column = column == 0 || !fits ? word.length() : column + 1 + word.length();
        }
        return lines.toString();
    }

    private static String at(String file, List<String> lines, String words) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(words)) {
                return file + "#L" + (i + 1);
            }
        }
        throw new AssertionError("no " + words + "in " + file);
    }

    private String production(Class<?> type) {
        String file = "scraper-core/src/main/java/" + type.getName().replace('.', '/') + ".java";
        assertThat(root.resolve(file)).exists();
        return file;
    }

    private static String seen(Pitfall entry) {
        if (entry.incidents().length == 0) {
            return "";
        }
        return Arrays.stream(entry.incidents())
                .map(PitfallsPage::incident)
                .collect(Collectors.joining(",\n", "\n· seen in ", ""));
    }

    private static String incident(String name) {
        return "[%s](https://github.com/%s)".formatted(name, name.replace("#", "/issues/"));
    }
}
