package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fanout.app.config.schema.BundledSchema;
import fanout.url.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What null means for each key, in the file and on the command line: the default, or for the journal that there is
 * none.
 */
class NullKeysTest {

    /**
     * Each key that may be null, and a value that is not its default, or that is refused because its file is missing.
     */
    private static final Map<String, String> NULLABLE = new TreeMap<>(Map.ofEntries(
            Map.entry("startUrls", "[http://127.0.0.1/other]"),
            Map.entry("startUrlsFile", "missing.txt"),
            Map.entry("extends", "missing.yaml"),
            Map.entry("sitemaps", "auto"),
            Map.entry("scope", "{maxDepth: 3}"),
            Map.entry("scope.allowedDomains", "[example.org]"),
            Map.entry("scope.dropParameters", "[sid]"),
            Map.entry("scope.skipExtensions", "[zip]"),
            Map.entry("scope.include", "[a]"),
            Map.entry("scope.exclude", "[a]"),
            Map.entry("limits", "{maxPages: 3}"),
            Map.entry("limits.maxPagesPerHost", "3"),
            Map.entry("limits.maxPagesPerLabel", "{a: 3}"),
            Map.entry("expect", "{minPages: 3}"),
            Map.entry("expect.minPages", "3"),
            Map.entry("expect.minItems", "3"),
            Map.entry("expect.filled", "{rule.field: 50}"),
            Map.entry("expect.maxChangePercent", "3"),
            Map.entry("politeness", "{delay: 3s}"),
            Map.entry("politeness.hosts", "{a.example.org: {delay: 3s}}"),
            Map.entry("retries", "{maxAttempts: 1}"),
            Map.entry("circuitBreaker", "{window: 5}"),
            Map.entry("http", "{cookies: false}"),
            Map.entry("http.headers", "{X-A: b}"),
            Map.entry("http.proxy", "http://127.0.0.1:3128"),
            Map.entry("http.caFile", "missing.pem"),
            Map.entry("http.cookiesFile", "missing.txt"),
            Map.entry("network", "{allowPrivateAddresses: true}"),
            Map.entry("network.allowedCidrs", "[10.0.0.0/8]"),
            Map.entry("parse", "{contentTypes: [text/plain]}"),
            Map.entry("parse.contentTypes", "[text/plain]"),
            Map.entry("parse.charset", "koi8-r"),
            Map.entry("follow", "[]"),
            Map.entry("extract", "[{name: a, fields: {b: {css: c}}}]"),
            Map.entry("download", "[{match: a}]"),
            Map.entry("session", "{login: [http://127.0.0.1/login]}"),
            Map.entry("session.origins", "[http://127.0.0.2/]"),
            Map.entry("session.headers", "{X-A: b}"),
            Map.entry("output", "{pages: other.csv}"),
            Map.entry("output.links", "links.jsonl"),
            Map.entry("output.journal", "other.journal")));

    private static final String SESSION = "session: {login: [http://127.0.0.1/login]";

    static List<String> nullable() {
        return keys(true);
    }

    static List<String> others() {
        return keys(false);
    }

    private static List<String> keys(boolean nullable) {
        List<String> keys = new ArrayList<>();
        collect(new JsonMapper().readTree(BundledSchema.JOB.text()), "", nullable, keys);
        return keys;
    }

    private static void collect(JsonNode schema, String prefix, boolean nullable, List<String> keys) {
        schema.path("properties").properties().forEach(property -> {
            String key = prefix + property.getKey();
            Set<String> types = property.getValue()
                    .path("type")
                    .valueStream()
                    .map(JsonNode::asString)
                    .collect(Collectors.toSet());
            if (types.contains("null") == nullable) {
                keys.add(key);
            }
            collect(property.getValue(), key + ".", nullable, keys);
        });
    }

    /** A job that is whole without this key. */
    private static String jobWithout(String key) {
        return "name: docs\n" + (key.startsWith("session.") && !key.equals("session.login") ? SESSION + "}\n" : "")
                + (key.equals("startUrls") ? "sitemaps: [http://127.0.0.1:8081/sitemap.xml]\n"
                        : "startUrls: [http://127.0.0.1:8081/index.html]\n");
    }

    private static String jobWith(String key, String value) {
        int dot = key.indexOf('.');
        if (key.startsWith("session.") && !key.equals("session.login")) {
            return jobWithout(key).replace(SESSION, SESSION + ", " + key.substring(dot + 1) + ": " + value);
        }
        return jobWithout(key)
                + (dot < 0 ? key + ": " + value
                        : key.substring(0, dot) + ": {" + key.substring(dot + 1) + ": " + value + "}")
                + "\n";
    }

    @Test
    void tableHasEachKeyThatMayBeNull() {
        assertThat(nullable()).containsExactlyInAnyOrderElementsOf(NULLABLE.keySet());
    }

    @ParameterizedTest
    @MethodSource("nullable")
    void nullInTheFileIsAsIfTheKeyWereAbsent(String key) throws Exception {
        for (String written : List.of("null", "~", "")) {
            assertIsDefault(key, JobFiles.read(jobWith(key, written)));
        }
    }

    @ParameterizedTest
    @MethodSource("nullable")
    void nullOnTheCommandLineTakesTheFilesValueBack(String key) throws Exception {
        String job = jobWith(key, NULLABLE.get(key));

        assertThat(read(job)).as("another value is another job").isNotEqualTo(read(jobWithout(key)));
        assertIsDefault(key, JobFiles.read(job, List.of(key + "=null"), Map.of(), Map.of()));
        assertIsDefault(key, JobFiles.read(job, List.of(key + "="), Map.of(), Map.of()));
    }

    /** All that a job says; its problems, if it is refused. */
    private static String read(String job) {
        try {
            return JobFiles.read(job).toString();
        } catch (BadJobException e) {
            return e.problems().toString();
        }
    }

    private static void assertIsDefault(String key, JobFile file) throws Exception {
        JobFile absent = JobFiles.read(jobWithout(key));
        if (key.equals("output.journal")) {
            assertThat(file.outputs().journal()).isEmpty();
            assertThat(absent.outputs().journal()).isPresent();
            Outputs outputs = absent.outputs();
            absent = new JobFile(absent.job(),
                    new Outputs(outputs.pages(), outputs.items(), outputs.links(), outputs.bodies(), outputs.report(),
                            Optional.empty(),
                            outputs.keep()),
                    absent.warnings());
        }
        assertThat(file).usingRecursiveComparison().isEqualTo(absent);
    }

    /** A host that is named and has nothing of its own. */
    @Test
    void hostWithNullHasTheMannersOfAllOthers() throws Exception {
        String job = JobFiles.SMALL + "politeness: {delay: 3s, hosts: {a.example.org: %s}}\n";
        Host host = new Host("a.example.org", 80);
        JobFile inFile = JobFiles.read(job.formatted("null"));
        JobFile set = JobFiles.read(job.formatted("{delay: 9s}"), List.of("politeness.hosts.\"a.example.org\"=null"),
                Map.of(), Map.of());

        assertThat(JobFiles.read(job.formatted("{delay: 9s}")).job().politeness().mannersFor(host).delay())
                .hasSeconds(9);
        assertThat(inFile.job().politeness().mannersFor(host)).isEqualTo(inFile.job().politeness().manners());
        assertThat(set.job().politeness().mannersFor(host)).isEqualTo(set.job().politeness().manners());
    }

    @ParameterizedTest
    @MethodSource("others")
    void nullIsRefusedWhereItMeansNothing(String key) {
        String name = key.substring(key.lastIndexOf('.') + 1);
        String job = key.equals("name") ? "name: null\nstartUrls: [http://127.0.0.1/]\n" : jobWith(key, "null");

        assertThat(JobFiles.problems(job)).singleElement()
                .asString()
                .contains(name + " has no value; give it one, or take the key out");
        List<String> sets = key.startsWith("session.") && !key.equals("session.login")
                ? List.of("session.login=[http://127.0.0.1/login]", key + "=null")
                : List.of(key + "=null");
        assertThat(problemsOf(sets)).singleElement()
                .asString()
                .startsWith("--set " + key + ":")
                .contains(name + " has no value; give it one, or take the key out");
    }

    private static List<String> problemsOf(List<String> sets) {
        return catchThrowableOfType(BadJobException.class,
                () -> JobFiles.read(JobFiles.SMALL, sets, Map.of(), Map.of())).problems();
    }

    /** With a value that would be another section's. */
    @ParameterizedTest
    @CsvSource({"limits=null, limits.maxPages=7", "output=null, output.journal=null", "http=~, http.proxy=null"})
    void keyIsSetInASectionThatWasNull(String section, String key) throws Exception {
        JobFile both = JobFiles.read(JobFiles.SMALL, List.of(section, key), Map.of(), Map.of());

        assertThat(both).usingRecursiveComparison()
                .isEqualTo(JobFiles.read(JobFiles.SMALL, List.of(key), Map.of(), Map.of()));
    }
}
