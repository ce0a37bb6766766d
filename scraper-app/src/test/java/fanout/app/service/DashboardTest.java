package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.dashboard.Assets;
import fanout.app.service.http.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard's files: complete, and without what its promises forbid. */
class DashboardTest {

    private static final Path FOLDER = Path.of("src/main/resources/fanout/app/dashboard");
    private static final Pattern IMPORT = Pattern.compile("from \"\\./([a-z]+\\.js)\"");
    private static final Pattern ASSET = Pattern.compile("/assets/([a-z]+\\.[a-z]+)");
    private static final Pattern MARKUP = Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|"
            + "\\beval\\(|new Function|DOMParser|srcdoc|setTimeout\\(\"");
    private static final Pattern ELSEWHERE =
            Pattern.compile("[\"'`(](https?:)?//(?!www\\.w3\\.org/2000/svg|example\\.(?:org|net|com)/)[a-z0-9]");

    private static Path folder() {
        return Path.of("").toAbsolutePath().resolve(FOLDER);
    }

    private static List<Path> files() throws Exception {
        try (var files = Files.list(folder())) {
            return files.sorted().toList();
        }
    }

    @Test
    void everyFileIsServedAndEveryReferenceLeadsToOne() throws Exception {
        Set<String> served = Assets.routes().stream().map(Route::pattern).collect(Collectors.toSet());
        Set<String> there = files().stream()
                .map(file -> file.getFileName().toString())
                .map(name -> name.equals("index.html") ? "/" : "/assets/" + name)
                .collect(Collectors.toSet());
        assertThat(served).isEqualTo(there);
        for (Path file : files()) {
            String text = Files.readString(file);
            for (Pattern reference : List.of(IMPORT, ASSET)) {
                Matcher found = reference.matcher(text);
                while (found.find()) {
                    assertThat(served).as(file.getFileName() + " refers to").contains("/assets/" + found.group(1));
                }
            }
        }
    }

    @Test
    void textOfTheWebNeverBecomesMarkupAndNoOtherHostIsAsked() throws Exception {
        for (Path file : files()) {
            String text = Files.readString(file);
            assertThat(text).as(file.getFileName().toString()).doesNotContainPattern(MARKUP);
            assertThat(text.replaceAll("(?m)^\\s*//.*$", "")).as(file.getFileName().toString())
                    .doesNotContainPattern(ELSEWHERE);
            if (file.toString().endsWith(".html")) {
                assertThat(text).doesNotContain("style=", "onclick=", "<script>");
            }
        }
    }
}
