package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import fanout.job.CrawlJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service lets a job ask for. */
class SubmittedJobTest {

    private static final String BEGIN = "name: test\nstartUrls: [\"http://127.0.0.1/\"]\n";
    private static final String STRICT = """
            limits: {maxPages: 500, maxPagesPerHost: 50, maxDuration: 10m, requestTimeout: 5s, maxBodySize: 1MiB}
            network: {allowedCidrs: [10.0.0.0/8]}
            http: {proxy: "http://user:secret@proxy.example.org:3128"}
            """;

    private static JobBounds bounds(String configuration) throws BadJobException {
        return ServiceSettingsReader.read("test.yaml", configuration.getBytes(UTF_8), Map.of()).bounds();
    }

    private static CrawlJob read(String job, String configuration) throws BadJobException {
        return SubmittedJobReader.read(false, job.getBytes(UTF_8), Optional.empty(), bounds(configuration)).job();
    }

    private static List<String> problems(String job, String configuration) {
        try {
            read(BEGIN + job, configuration);
            return List.of();
        } catch (BadJobException e) {
            return e.problems();
        }
    }

    @Test
    void modestJobHasTheSmallerOfDefaultsAndServiceLimits() throws Exception {
        CrawlJob job = read(BEGIN + "limits: {maxRedirects: 2}\n", STRICT);
        assertThat(job.limits().maxPages()).isEqualTo(500);
        assertThat(job.limits().maxPagesPerHost()).hasValue(50);
        assertThat(read(BEGIN + "limits: {maxPagesPerHost: 7}\n", STRICT).limits().maxPagesPerHost()).hasValue(7);
        assertThat(read(BEGIN + "limits: {maxPagesPerHost: 7}\n", "").limits().maxPagesPerHost()).hasValue(7);
        assertThat(read(BEGIN, "").limits().maxPagesPerHost()).isEmpty();
        assertThat(read(BEGIN + "limits: {maxPagesPerLabel: {a: 9999}}\n", STRICT).limits().maxPagesPerLabel())
                .as("the labels are the job's own")
                .isEqualTo(Map.of("a", 9999L));
        assertThat(job.limits().maxUrls()).isEqualTo(1_000_000);
        assertThat(job.limits().maxDuration()).isEqualTo(Duration.ofMinutes(10));
        assertThat(job.limits().requestTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(job.limits().maxBodyBytes()).isEqualTo(1 << 20);
        assertThat(job.limits().maxRedirects()).isEqualTo(2);
        assertThat(job.http().proxy().orElseThrow().host()).isEqualTo("proxy.example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limits: {maxPages: 501}", "limits: {maxPagesPerHost: 51}", "limits: {maxDuration: 11m}",
        "limits: {requestTimeout: 5001ms}",
        "limits: {maxBodySize: 1025KiB}", "network: {allowPrivateAddresses: true}",
        "network: {allowedCidrs: [11.0.0.0/8]}",
        "network: {allowedCidrs: [10.0.0.0/7]}", "network: {allowedCidrs: [\"::1\"]}",
        "http: {proxy: \"http://other.example.org:3128\"}", "http: {proxy: \"http://proxy.example.org:1\"}",
        "startUrlsFile: /etc/passwd", "startUrlsFile: \"-\"", "startUrlsFile: {path: /etc/passwd, onError: skip}",
        "extends: /etc/passwd", "http: {caFile: /etc/passwd}", "http: {cookiesFile: /etc/passwd}",
        "output: {pages: \"-\"}",
        "output: {items: {path: \"-\"}}", "output: {items: [a.csv, \"-\"]}", "output: {pages: [{path: \"-\"}]}",
        "output: {items: a.sqlite}", "output: {pages: [a.csv, {path: a.db, format: sqlite}]}",
        "output: {pages: {path: a.sqlite}}", "output: {items: [a.sqlite]}",
        "output: {items: {jdbc: \"jdbc:postgresql://db/shop\"}}",
        "output: {pages: [a.csv, {jdbc: \"jdbc:postgresql://db/shop\"}]}",
        "output: {report: \"-\"}", "http: {userAgent: \"${HOME}\"}"})
    void whatTheServiceDoesNotAllowIsAProblemWithItsPlace(String line) {
        assertThat(problems(line, STRICT)).singleElement().asString().startsWith("job.yaml:3:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limits: {maxPages: 500}", "limits: {maxPagesPerHost: 50}", "limits: {maxDuration: 10m}",
        "network: {allowedCidrs: [10.1.0.0/16]}",
        "network: {allowedCidrs: [10.0.0.0/8]}", "http: {proxy: \"http://proxy.example.org:3128\"}",
        "output: {pages: /etc/passwd.jsonl, items: ../../x.csv, report: /x, journal: /y}", "output: {pages: a.csv}",
        "http: {userAgent: \"$${HOME}\"}", "x-mine: ${HOME}"})
    void whatTheServiceAllowsOrIgnoresIsNone(String line) {
        assertThat(problems(line, STRICT)).isEmpty();
    }

    @Test
    void privateAddressesMayBeAllowedAsAWhole() throws Exception {
        String open = "network: {allowPrivateAddresses: true}\n";
        assertThat(problems("network: {allowPrivateAddresses: true}", open)).isEmpty();
        assertThat(problems("network: {allowedCidrs: [127.0.0.1]}", open)).isEmpty();
        assertThat(read(BEGIN, "").network().allowPrivateAddresses()).as("by default").isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"name: [|false", "name: x\\nname: y|true", "just a word|true"})
    void whatCannotBeReadIsToldFromWhatIsWrong(String job, boolean readable) {
        assertThatThrownBy(() -> read(job.replace("\\n", "\n"), "")).isInstanceOfSatisfying(BadJobException.class,
                e -> assertThat(e.isReadable()).isEqualTo(readable));
    }

    @Test
    void otherLimitsWinOverThoseOfTheJob() throws Exception {
        CrawlJob job = SubmittedJobReader.read(false, (BEGIN + "limits: {maxPages: 3, maxUrls: 7}\n").getBytes(UTF_8),
                Optional.of("{\"maxPages\": 9}".getBytes(UTF_8)), bounds(STRICT)).job();
        assertThat(job.limits().maxPages()).isEqualTo(9);
        assertThat(job.limits().maxUrls()).isEqualTo(7);
        assertThatThrownBy(() -> SubmittedJobReader.read(false, BEGIN.getBytes(UTF_8),
                Optional.of("{\"maxPages\": 501, \"maxPage\": 1, \"maxDepth\": -1}".getBytes(UTF_8)), bounds(STRICT)))
                .isInstanceOfSatisfying(BadJobException.class, e -> assertThat(e.found())
                        .extracting(problem -> problem.at().path(), problem -> problem.at().line())
                        .containsExactlyInAnyOrder(tuple("limits.maxPages", 0), tuple("limits.maxPage", 0),
                                tuple("limits.maxDepth", 0)));
    }

    /** As {@link MutatedJobsTest}: a job is read, or refused with places, and nothing else happens. */
    @Test
    void aDamagedJobIsReadOrRefused() throws Exception {
        List<byte[]> jobs = JobFiles.good().stream().map(JobFiles::bytes).toList();
        JobBounds strict = bounds(STRICT);
        int refused = 0;
        for (long seed = 0; seed < 500; seed++) {
            byte[] job = Mutation.of(jobs, seed);
            for (boolean json : new boolean[]{false, true}) {
                try {
                    CrawlJob read = SubmittedJobReader.read(json, job, Optional.empty(), strict).job();
                    assertThat(read.limits().maxPages()).as("seed " + seed).isLessThanOrEqualTo(500);
                    assertThat(read.network().allowPrivateAddresses()).as("seed " + seed).isFalse();
                    assertThat(read.http().authorities()).as("seed " + seed).isEmpty();
                } catch (BadJobException e) {
                    refused++;
                    assertThat(e.found()).as("seed " + seed).isNotEmpty();
                }
            }
        }
        assertThat(refused).isBetween(500, 1_000);
    }

    /** One more than each of the service's limits. */
    @ParameterizedTest
    @CsvSource({"maxPages, 500, 501", "maxUrls, 1000, 1001", "maxLinksPerPage, 50, 51", "maxRedirects, 3, 4",
        "maxFailedPercent, 40, 41", "maxUrlLength, 100, 101", "maxBodySize, 4KiB, 5KiB", "maxDuration, 10m, 11m",
        "requestTimeout, 5s, 6s"})
    void eachLimitOfTheServiceHolds(String key, String most, String more) {
        String configuration = "limits: {" + key + ": " + most + "}\n";
        assertThat(problems("limits: {" + key + ": " + most + "}\n", configuration)).isEmpty();
        assertThat(problems("limits: {" + key + ": " + more + "}\n", configuration)).singleElement()
                .asString()
                .startsWith("job.yaml:3:")
                .contains(key + " must be at most " + most.replace("4KiB", "4096 bytes"))
                .endsWith(", the limit of this service");
    }

    private static List<String> problemsOfJson(String job) {
        try {
            SubmittedJobReader.read(true, job.getBytes(UTF_8), Optional.empty(), bounds("{}"));
            return List.of();
        } catch (BadJobException e) {
            return e.problems();
        }
    }

    @Test
    void jsonIsOneValueAndNothingElse() {
        String job = "{\"name\": \"test\", \"startUrls\": [\"http://127.0.0.1/\"], \"limits\": {\"maxPages\": 1}}";
        assertThat(problemsOfJson(job)).isEmpty();
        assertThat(problemsOfJson(job + "\n" + job))
                .containsExactly("job.json:1:1: not valid JSON: more than one value");
        assertThat(problemsOfJson("7")).singleElement().asString().contains("a job must be a mapping");
        assertThat(problemsOfJson("name: test")).singleElement()
                .asString()
                .startsWith("job.json:1:")
                .contains("not valid JSON: ");
        assertThat(problemsOfJson("{\n \"name\": tst}")).singleElement().asString().startsWith("job.json:2:");
        assertThat(problemsOfJson("")).singleElement().asString().contains("is empty");
    }

    @Test
    void whatIsNoTextIsUnreadable() {
        assertThatThrownBy(
                () -> SubmittedJobReader.read(false, new byte[]{(byte) 0xFF}, Optional.empty(), bounds("{}")))
                .isInstanceOfSatisfying(BadJobException.class,
                        e -> assertThat(e.problems()).containsExactly("job.yaml:1:1: is not UTF-8"));
    }

    @Test
    void otherLimitsAreAnObject() {
        assertThatThrownBy(() -> SubmittedJobReader.read(false, BEGIN.getBytes(UTF_8),
                Optional.of("[1]".getBytes(UTF_8)), bounds("{}"))).isInstanceOfSatisfying(BadJobException.class,
                        e -> assertThat(e.problems()).singleElement()
                                .asString()
                                .startsWith("limits:1:1: limits must be an object"));
    }

    @Test
    void aServiceThatAllowsSomeAddressesSaysSo() {
        String asked = "network: {allowPrivateAddresses: true}";
        assertThat(problems(asked, STRICT)).singleElement().asString().endsWith("; list addresses in allowedCidrs");
        assertThat(problems(asked, "{}")).singleElement().asString().endsWith("is not allowed by this service");
    }
}
