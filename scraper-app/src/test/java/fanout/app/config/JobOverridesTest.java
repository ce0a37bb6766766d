package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fanout.url.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobOverridesTest {

    @Test
    void optionsOfTheCommandLineWin() throws Exception {
        JobFile file = JobFiles.read(JobFiles.SMALL + "limits: {maxPages: 5}\noutput: {pages: a.csv}\n",
                List.of("limits.maxPages=7", "limits.maxUrls=8", "politeness.hosts.\"a.example.org\".delay=5s",
                        "startUrls=[http://127.0.0.2/]", "output.pages=b.csv", "output.report=r=1.json",
                        "limits.maxPages=9"),
                Map.of("pages", "-"), Map.of());

        assertThat(file.job().limits().maxPages()).isEqualTo(9);
        assertThat(file.job().limits().maxUrls()).isEqualTo(8);
        assertThat(file.job().start().urls()).extracting(start -> start.url().toString())
                .containsExactly("http://127.0.0.2/");
        assertThat(file.job().politeness().mannersFor(new Host("a.example.org", 80)).delay()).hasSeconds(5);
        assertThat(file.outputs().pages().getFirst().isStandardOutput()).isTrue();
        assertThat(file.outputs().report().path()).isEqualTo(Path.of("r=1.json"));
    }

    @Test
    void mappingMayBeSetAsAWhole() throws Exception {
        assertThat(JobFiles.read(JobFiles.SMALL, List.of("http.headers={X-A: b, X-C: d}"), Map.of(), Map.of())
                .job()
                .http()
                .headers()).containsExactlyInAnyOrderEntriesOf(Map.of("X-A", "b", "X-C", "d"));
    }

    @Test
    void outputMayBeSetToStandardOutput() throws Exception {
        JobFile file = JobFiles.read(JobFiles.SMALL, List.of("output.pages=-"), Map.of(), Map.of());

        assertThat(file.outputs().pages().getFirst().isStandardOutput()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limits", "limits.maxPages", "=1", "limits..maxPages=1", "name.a=1", "limits.maxPage=1",
        "limits.maxPages=x", "name=[", "name=*a",
        "http.headers.\"Authorization=Bearer s3cret"})
    void badSettingsAreProblemsOfTheOption(String set) {
        BadJobException refused = catchThrowableOfType(BadJobException.class,
                () -> JobFiles.read(JobFiles.SMALL, List.of(set), Map.of(), Map.of()));
        assertThat(refused.problems().getFirst()).startsWith("--set " + set.replaceFirst("=.*", "") + ":");
    }
}
