package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fanout.job.CrawlJob;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values from the environment. */
class JobEnvironmentTest {

    @Test
    void environmentVariablesAreReplacedInValuesAfterParsing() throws Exception {
        JobFile file = JobFiles.read("""
                name: ${NAME}
                startUrls: ["${SITE}/a", 'http://127.0.0.1/$${x}']
                limits:
                  maxPages: ${PAGES}
                  x-a: ${NOBODY}
                http: {userAgent: "a $${NAME} ${NAME}$"}
                """, List.of(), Map.of(),
                Map.of("NAME", "docs", "SITE", "http://127.0.0.1", "PAGES", "7"));

        assertThat(file.job().name()).isEqualTo("docs");
        assertThat(file.job().start().urls().getFirst().url()).hasToString("http://127.0.0.1/a");
        assertThat(file.job().start().urls().getLast().url().toString()).contains("$%7Bx%7D");
        assertThat(file.job().limits().maxPages()).isEqualTo(7);
        assertThat(file.job().http().userAgent()).isEqualTo("a ${NAME} docs$");
    }

    @Test
    void aReplacedValueCannotBringKeysAndIsNeverShown() {
        Map<String, String> environment = Map.of("EVIL", "1\nconcurrency: 2", "TOKEN", "s3cret\u00e9");
        BadJobException refused = catchThrowableOfType(BadJobException.class, () -> JobFiles.read(JobFiles.SMALL
                + "limits: {maxPages: \"${EVIL}\"}\nhttp: {headers: {X-A: \"${TOKEN}\", X-B: \"${NOBODY}\", X-C: "
                + "\"${1}\"}}\n",
                List.of(), Map.of(), environment));

        assertThat(refused.problems()).hasSize(4)
                .noneMatch(problem -> problem.contains("s3cret"))
                .anyMatch(problem -> problem.contains("(from the environment)"))
                .anyMatch(problem -> problem.contains("the environment variable NOBODY is not set"))
                .anyMatch(problem -> problem.contains("not the name of an environment variable: ${1}"));
    }

    @Test
    void messageSaysThatTheValueIsNotShown() {
        BadJobException refused = catchThrowableOfType(BadJobException.class,
                () -> JobFiles.read(JobFiles.SMALL + "limits: {maxPages: \"${N}\"}\n", List.of(), Map.of(),
                        Map.of("N", "many")));

        assertThat(refused.problems()).singleElement()
                .asString()
                .endsWith("maxPages must be a whole number, not its value (from the environment)");
    }

    @Test
    void numberFromTheEnvironmentMayStandInQuotes() throws BadJobException, IOException {
        Map<String, String> five = Map.of("N", "5", "YES", "false");

        CrawlJob job = JobFiles
                .read(JobFiles.SMALL + "limits: {maxPages: \"${N}\"}\nhttp: {cookies: \"${YES}\", userAgent: \"${N}\"}",
                        List.of(), Map.of(), five)
                .job();

        assertThat(job.limits().maxPages()).isEqualTo(5);
        assertThat(job.http().cookies()).isFalse();
        assertThat(job.http().userAgent()).isEqualTo("5");
    }
}
