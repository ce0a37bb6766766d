package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the pages, and from them to other files, lead somewhere; what is on the web is not asked for. */
class LinksTest {

    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

    private final Map<Path, Set<String>> anchors = new HashMap<>();

    @Test
    void everyLinkLeadsToAFileAndAnAnchorThatExist() throws IOException {
        List<String> wrong = new ArrayList<>();
        int links = 0;
        for (Path page : Docs.pages()) {
            for (String link : links(page)) {
                links++;
                problem(page, link).ifPresent(problem -> wrong
                        .add(Docs.ROOT.relativize(page) + ": " + link + ": " + problem));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(links).as("links that were looked at").isGreaterThan(300);
    }

    @Test
    void everyPageOfDocsIsInItsIndex() throws IOException {
        Path docs = Docs.ROOT.resolve("docs");
        try (Stream<Path> pages = Files.list(docs)) {
            assertThat(links(docs.resolve("README.md"))).containsAll(pages
                    .map(page -> page.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                    .toList());
        }
    }

    @Test
    void readmeIsShort() throws IOException {
        assertThat(Files.size(Docs.ROOT.resolve("README.md"))).isLessThanOrEqualTo(10_000);
    }

    private static List<String> links(Path page) {
        String text = CODE.matcher(Docs.read(page)).replaceAll("");
        return LINK.matcher(text)
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.matches("[a-z]+:.*"))
                .toList();
    }

    private Optional<String> problem(Path page, String link) {
        URI target = URI.create(link);
        Path file = target.getPath().isEmpty() ? page : page.resolveSibling(target.getPath()).normalize();
        if (!Files.exists(file)) {
            return Optional.of("does not exist");
        }
        if (!file.startsWith(Docs.ROOT)) {
            return Optional.of("leads out of the project");
        }
        String anchor = target.getFragment();
        if (anchor == null || anchors.computeIfAbsent(file, LinksTest::anchors).contains(anchor)) {
            return Optional.empty();
        }
        return Optional.of("has no such anchor");
    }

    /** A page's headings as code hosts name them, and any other file's lines. */
    private static Set<String> anchors(Path file) {
        Set<String> anchors = new HashSet<>();
        if (!file.toString().endsWith(".md")) {
            Docs.read(file).lines().forEach(_ -> anchors.add("L" + (anchors.size() + 1)));
            return anchors;
        }
        String text = Pattern.compile("(?ms)^```.*?^```$").matcher(Docs.read(file)).replaceAll("");
        HEADING.matcher(text).results().forEach(heading -> {
            String slug = heading.group(1)
                    .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
                    .replace(' ', '-');
            int again = 0;
            while (!anchors.add(again == 0 ? slug : slug + "-" + again)) {
                again++;
            }
        });
        return anchors;
    }
}
