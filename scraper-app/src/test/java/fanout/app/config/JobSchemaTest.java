package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import fanout.app.config.schema.BundledSchema;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JobSchemaTest {

    private static final SchemaOracle ORACLE = new SchemaOracle();

    @Test
    void theSchemaIsOneOfItsDraft() {
        assertThat(ORACLE.complaintsOfTheDraft()).isEmpty();
    }

    /** What the reader does not know it would silently not check. */
    @Test
    void theSchemaUsesNoKeywordThatTheReaderDoesNotKnow() {
        Set<String> used = new TreeSet<>();
        collectKeywords(new JsonMapper().readTree(BundledSchema.JOB.text()), used);

        assertThat(used).containsExactlyInAnyOrder("$defs", "$id", "$ref", "$schema", "additionalProperties", "anyOf",
                "default", "description", "enum", "examples", "items", "maxLength", "maximum", "minProperties",
                "minimum",
                "oneOf", "pattern", "patternProperties", "properties", "required", "title", "type", "x-default",
                "x-maximum",
                "x-type");
    }

    private static void collectKeywords(JsonNode schema, Set<String> used) {
        schema.properties().forEach(keyword -> {
            used.add(keyword.getKey());
            switch (keyword.getKey()) {
                case "properties", "$defs" -> keyword.getValue().forEach(inner -> collectKeywords(inner, used));
                case "items", "additionalProperties" -> collectKeywords(keyword.getValue(), used);
                case "patternProperties" -> assertThat(keyword.getValue()).hasToString("{\"^x-\":true}");
                case "anyOf", "oneOf" -> keyword.getValue()
                        .forEach(branch -> assertThat(branch.propertyNames()).isSubsetOf("required", "type"));
                default -> {} // holds no schema
            }
        });
    }

    @Test
    void theDefaultsAreThoseOfTheCore() throws Exception {
        CrawlJob written = JobFiles.read(everyDefault().getBytes(UTF_8)).job();
        CrawlJob core = CrawlJob.builder("docs").startUrl("http://127.0.0.1/").build();

        assertThat(written).usingRecursiveComparison().isEqualTo(core);
        assertThat(written.politeness()).isEqualTo(Politeness.DEFAULT);
    }

    /** A job in which every key that has a default says it. */
    private static String everyDefault() {
        JsonNode schema = new JsonMapper().readTree(BundledSchema.JOB.text());
        StringBuilder job = new StringBuilder("{\"name\": \"docs\", \"startUrls\": [\"http://127.0.0.1/\"]");
        schema.get("properties").properties().forEach(entry -> {
            JsonNode value = entry.getValue().get("default");
            StringBuilder inner = new StringBuilder();
            entry.getValue().path("properties").properties().forEach(key -> {
                if (key.getValue().has("default")) {
                    inner.append(inner.isEmpty() ? "" : ", ")
                            .append('"')
                            .append(key.getKey())
                            .append("\": ")
                            .append(key.getValue().get("default"));
                }
            });
            if (!entry.getKey().equals("startUrls") && (value != null || !inner.isEmpty())) {
                job.append(", \"")
                        .append(entry.getKey())
                        .append("\": ")
                        .append(value != null ? value : "{" + inner + "}");
            }
        });
        return job.append("}").toString();
    }

    /** Without these keys a job has no session. */
    private static final Set<String> WITHOUT_DEFAULT = Set.of("login", "success", "expired");

    @Test
    void everyLimitAndSwitchHasADefault() {
        JsonNode schema = new JsonMapper().readTree(BundledSchema.JOB.text());
        schema.get("properties")
                .forEach(section -> section.path("properties")
                        .properties()
                        .forEach(key -> assertThat(key.getValue().has("default") || key.getValue().has("x-default")
                                || WITHOUT_DEFAULT.contains(key.getKey())).as(key.getKey()).isTrue()));
    }

    static Iterable<Path> goodJobs() {
        return JobFiles.good();
    }

    @ParameterizedTest
    @MethodSource("goodJobs")
    void aGoodJobIsTakenByBoth(Path job) throws Exception {
        assertThat(JobFiles.read(JobFiles.bytes(job)).job().name()).isNotEmpty();
        assertThat(ORACLE.complaints(document(job).orElseThrow())).isEmpty();
    }

    static Iterable<Path> badJobs() {
        return JobFiles.bad();
    }

    /** The other way round does not hold: no schema knows CSS. */
    @ParameterizedTest
    @MethodSource("badJobs")
    void whatTheSchemaRefusesTheReaderRefuses(Path job) {
        Optional<YamlNode> document = document(job);

        if (document.isPresent() && !ORACLE.complaints(document.get()).isEmpty()) {
            assertThat(JobFiles.problems(JobFiles.bytes(job))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"misspelt-keys.yaml", "wrong-kinds.yaml", "numbers-out-of-range.yaml", "sizes.yaml",
        "nothing-else-may-be-zero.yaml", "durations.yaml", "no-start.yaml", "no-name.yaml", "rules.yaml", "fields.yaml",
        "pattern-too-long.yaml", "media-types.yaml", "values-missing.yaml", "sitemaps.yaml", "formats.yaml"})
    void anEditorWithTheSchemaSeesThese(String job) {
        Path file = JobFiles.bad().stream().filter(path -> path.endsWith(job)).findFirst().orElseThrow();

        assertThat(ORACLE.complaints(document(file).orElseThrow())).isNotEmpty();
    }

    private static Optional<YamlNode> document(Path job) {
        Problems problems = new Problems();
        return YamlReader.read("job.yaml", new String(JobFiles.bytes(job), UTF_8), problems)
                .filter(_ -> problems.isEmpty());
    }
}
