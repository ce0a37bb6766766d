package fanout.survivors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutationPageTest {

    private static final List<String> REASONS = """
            # url.Host.inUrl
            > return a || b;
            - negated conditional
            - changed conditional boundary
            Both are the same.
            """.lines().toList();

    private static final String PAGE = """
            # Page

            | package | mutants | found | not reached | score | test strength |
            |---|---|---|---|---|---|
            | `job` | 1 | 1 | 0 | 100 % | 100 % |
            | `url` | 9 | 9 | 9 | 9 % | 9 % |

            Words.

            ## Survivors, and why

            ### old
            """;

    private static PitReport report(Path folder, String... mutations) throws IOException {
        Path source = folder.resolve("fanout/url/Host.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class Host {\n    return a || b;\n}\n");
        Path xml = folder.resolve("mutations.xml");
        Files.writeString(xml, "<mutations>" + String.join("", mutations) + "</mutations>");
        return PitReport.read(xml, "url", folder);
    }

    private static String mutation(String status, String description) {
        return "<mutation status='" + status + "'><sourceFile>Host.java</sourceFile>"
                + "<mutatedClass>fanout.url.Host</mutatedClass><mutatedMethod>inUrl</mutatedMethod>"
                + "<lineNumber>2</lineNumber><description>" + description + "</description></mutation>";
    }

    @Test
    void figuresAndReasonsAreWrittenAndOtherRowsAreKept(@TempDir Path folder) throws IOException {
        PitReport report = report(folder, mutation("KILLED", "x"), mutation("TIMED_OUT", "x"),
                mutation("SURVIVED", "negated conditional"), mutation("NO_COVERAGE", "changed conditional boundary"));

        assertThat(MutationPage.complaints(List.of(report), Reasons.read(REASONS))).isEmpty();
        assertThat(MutationPage.written(PAGE, List.of(report), Reasons.read(REASONS))).isEqualTo("""
                # Page

                | package | mutants | found | not reached | score | test strength |
                |---|---|---|---|---|---|
                | `job` | 1 | 1 | 0 | 100 % | 100 % |
                | `url` | 4 | 2 | 1 | 50 % | 66 % |

                Words.

                ## Survivors, and why

                ### url

                | where | line | change | why no test finds it |
                |---|---|---|---|
                | `Host.inUrl` | `return a \\|\\| b;` | negated conditional | Both are the same. |
                | `Host.inUrl` | `return a \\|\\| b;` | changed conditional boundary | Both are the same. |
                """);
    }

    @Test
    void aSurvivorNeedsAReasonAndAReasonASurvivor(@TempDir Path folder) throws IOException {
        PitReport report = report(folder, mutation("SURVIVED", "negated conditional"), mutation("KILLED", "other"),
                mutation("SURVIVED", "replaced return value with &quot;&quot; for fanout/url/Host::inUrl"));

        assertThat(MutationPage.complaints(List.of(report), Reasons.read(REASONS))).containsExactly(
                "\nSurvives:\n# url.Host.inUrl\n> return a || b;\n- replaced return value with \"\"",
                "\nDoes not survive:\n# url.Host.inUrl\n> return a || b;\n- changed conditional boundary");
        assertThat(MutationPage.complaints(List.of(), Reasons.read(REASONS))).isEmpty();
    }

    @Test
    void everyChangeHasOneReasonAndEveryReasonAChange() {
        assertThatIllegalArgumentException().isThrownBy(() -> Reasons.read(List.of("# a.B.c", "> x", "Because.")))
                .withMessage("a reason for nothing: Because.");
        assertThatIllegalArgumentException().isThrownBy(() -> Reasons.read(List.of("# a.B.c", "> x", "- y")))
                .withMessageStartingWith("no reason for\n");
        assertThatIllegalArgumentException().isThrownBy(
                () -> Reasons.read(List.of("# a.B.c", "> x", "- y", "Because.", "- y", "Because.")))
                .withMessageStartingWith("two reasons for one:\n");
        assertThatIllegalArgumentException().isThrownBy(() -> MutationPage.written("", List.of(),
                Reasons.read(List.of()))).withMessageContaining("table");
    }
}
