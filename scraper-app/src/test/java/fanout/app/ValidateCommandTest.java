package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Isolated // it lends the process another standard input
class ValidateCommandTest {

    private static final String JOB = "name: docs\nstartUrls: [\"http://example.org/\"]\n";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static List<Path> goodJobs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/fanout/app/config/good"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("goodJobs")
    void aGoodJobIsOneLineAndNoProblem(Path job) {
        assertThat(run("validate", job.toString())).as(err.toString()).isZero();

        assertThat(out.toString().lines()).singleElement()
                .asString()
                .startsWith(job + ": the job ")
                .contains("is valid");
        assertThat(err.toString().lines()).as("but for examples on loopback, of which it warns")
                .allMatch(line -> line.startsWith("warning: ") && line.contains("network refuses the address"));
    }

    @Test
    void startUrlsAndSitemapsAreCounted() throws IOException {
        String two = "name: docs\nstartUrls: [\"http://127.0.0.1:1/\", \"http://127.0.0.1:2/\"]\n";
        assertThat(run("validate", job(two))).isZero();
        assertThat(run("validate", job(two + "sitemaps: [\"http://127.0.0.1:1/a.xml\"]\n"))).isZero();
        assertThat(run("validate", job(
                "name: docs\nsitemaps: [\"http://127.0.0.1:1/a.xml\", \"http://127.0.0.1:1/b.xml\"]\n"))).isZero();

        assertThat(out.toString().lines()).satisfiesExactly(
                line -> assertThat(line).contains("is valid: 2 start URLs, at most"),
                line -> assertThat(line).contains("is valid: 2 start URLs and 1 sitemap, at most"),
                line -> assertThat(line).contains("is valid: 2 sitemaps, at most"));
    }

    @Test
    void expectationsAreCounted() throws IOException {
        String rules = JOB + "extract: [{name: a, fields: {b: {css: b}, c: {css: c}}}]\n";
        assertThat(run("validate", job(rules + "expect: {minPages: 1}\n"))).as(err.toString()).isZero();
        assertThat(run("validate", job(rules + "expect: {minPages: 1, minItems: 1, maxChangePercent: 9, "
                + "filled: {a.b: 1, a.c: 1}}\n"))).isZero();
        assertThat(run("validate", job(rules + "expect:\n"))).isZero();

        assertThat(out.toString().lines()).satisfiesExactly(
                line -> assertThat(line).endsWith("at most 10000 pages, 1 expectation"),
                line -> assertThat(line).endsWith("at most 10000 pages, 5 expectations"),
                line -> assertThat(line).endsWith("at most 10000 pages"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void expectationThatCannotHoldIsAWarning() throws IOException {
        assertThat(run("validate", job(JOB + "expect: {minItems: 1}\n"))).isZero();
        assertThat(run("validate", job(JOB + "expect: {minItems: 0}\n"))).isZero();
        assertThat(run("validate", job(JOB + "expect: {maxChangePercent: 9}\noutput: {report: \"-\"}\n"))).isZero();

        assertThat(err.toString().lines()).satisfiesExactly(
                line -> assertThat(line).contains(":3:10: minItems cannot hold: the job has no rules under extract"),
                line -> assertThat(line).contains(":3:10: maxChangePercent compares with the last report"));
    }

    @Test
    void warningsAreNoProblems() throws IOException {
        assertThat(run("validate", job(JOB + "scope: {include: [\"^/a\"]}\n"))).as(err.toString()).isZero();
        assertThat(err.toString()).startsWith("warning: ").contains("leave out the ^").hasLineCount(1);
    }

    @Test
    void nothingIsWritten() throws IOException {
        Path pages = Files.writeString(folder.resolve("pages.jsonl"), "old");

        assertThat(run("validate", job(JOB), "--set", "output.pages=" + pages)).isZero();

        assertThat(pages).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void settingsAreCheckedWithTheFileAndNamedWithoutTheirValues() throws IOException {
        int code = run("validate", job(JOB + "limits: {maxPages: x}\n"), "--set", "limits.maxPages=5", "--set",
                "limits.maxPage=7", "--set", "http.headers.Authorisation=\"Bearer s3cret\\n\"", "--set", "nothing");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly(
                "--set nothing: must be key.path=value, as in limits.maxPages=10",
                "--set limits.maxPage: unknown key \"maxPage\"; did you mean \"maxPages\"?",
                "--set http.headers.Authorisation: http.headers.Authorisation must be printable ASCII; character 14 is "
                        + "U+000A");
    }

    @Test
    void theJobMayComeFromStandardInput() {
        assertThat(withInput(JOB, "validate", "-")).isZero();
        assertThat(withInput("name: docs\nstartUrl: []\n", "validate", "-")).isEqualTo(2);
        assertThat(withInput("{\"name\": 5}", "validate", "-")).isEqualTo(2);

        assertThat(out.toString()).isEqualTo("stdin: the job docs is valid: 1 start URL, at most 10000 pages\n");
        assertThat(err.toString().lines()).containsExactly(
                "stdin:1:1: \"startUrls\" or \"startUrlsFile\" or \"sitemaps\" is missing",
                "stdin:2:1: unknown key \"startUrl\"; did you mean \"startUrls\"?",
                "stdin:1:1: \"startUrls\" or \"startUrlsFile\" or \"sitemaps\" is missing",
                "stdin:1:10: name must be 1 to 100 letters, digits, - and _, not 5; as text it is written \"5\"");
    }

    @Test
    void whatIsNoFileIsBadUsage() throws IOException {
        assertThat(run("validate")).isEqualTo(2);
        assertThat(run("validate", folder.resolve("none.yaml").toString())).isEqualTo(2);
        assertThat(run("validate", folder.toString())).isEqualTo(2);
        assertThat(run("validate", job(JOB), "another.yaml")).isEqualTo(2);

        assertThat(err.toString()).contains("there is no file", "cannot read").doesNotContain("Exception", "\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theSchemaIsPrintedAsItIsBundled() throws IOException {
        assertThat(run("schema")).isZero();

        assertThat(out.toString())
                .isEqualTo(Files.readString(Path.of("src/main/resources/fanout/app/config/job.schema.json")));
    }

    private String job(String text) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), text).toString();
    }

    private int withInput(String text, String... words) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(text.getBytes(UTF_8)));
        try {
            return run(words);
        } finally {
            System.setIn(before);
        }
    }

    private int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }
}
