package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import fanout.app.config.schema.BundledSchema;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ServiceSettingsTest {

    private static ServiceSettings read(String configuration) throws BadJobException {
        return ServiceSettingsReader.read("service.yaml", configuration.getBytes(UTF_8), Map.of("PORT", "3128"));
    }

    @Test
    void theDefaultsAreThoseOfTheDocumentation() throws Exception {
        ServiceSettings settings = read("");
        assertThat(settings).isEqualTo(ServiceSettingsReader.standard());
        assertThat(settings.maxConcurrentCrawls()).isEqualTo(4);
        assertThat(settings.maxQueuedCrawls()).isEqualTo(100);
        assertThat(settings.concurrency()).isEqualTo(256);
        assertThat(settings.maxBytesPerCrawl()).isEqualTo(2L << 30);
        assertThat(settings.retention()).isEqualTo(new ServiceSettings.Retention(Duration.ofDays(30), 20L << 30));
        assertThat(settings.shutdownGrace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.resumeOnStart()).isTrue();
        assertThat(settings.stallAfter()).isEmpty();
        assertThat(settings.allowedHosts()).isEmpty();
        assertThat(settings.bounds().network().allowPrivateAddresses()).isFalse();
    }

    @Test
    void valuesAreRead() throws Exception {
        ServiceSettings settings = read("""
                maxConcurrentCrawls: 2
                stallAfter: 5s
                allowedHosts: [a.example.org]
                http: {proxy: "http://127.0.0.1:${PORT}"}
                retention: {maxAge: 1d}
                tokenFile: token
                x-mine: 1
                """);
        assertThat(settings.maxConcurrentCrawls()).isEqualTo(2);
        assertThat(settings.stallAfter()).contains(Duration.ofSeconds(5));
        assertThat(settings.allowedHosts()).containsExactly("a.example.org");
        assertThat(settings.bounds().proxy().orElseThrow().port()).isEqualTo(3128);
        assertThat(settings.retention().maxBytes()).isEqualTo(20L << 30);
        assertThat(settings.tokenFile()).isPresent();
    }

    @Test
    void everyProblemIsToldWithItsLine() {
        assertThatThrownBy(() -> read("""
                maxConcurentCrawls: 2
                limits:
                  maxPages: 0
                concurrency: 3
                allowedHosts: ["a b"]
                network: {allowedCidrs: [x]}
                maxPages: 3
                login: me
                """))
                .isInstanceOfSatisfying(BadJobException.class, e -> assertThat(e.problems()).satisfiesExactly(
                        problem -> assertThat(problem)
                                .startsWith("service.yaml:1:1: unknown key \"maxConcurentCrawls\"; did"),
                        problem -> assertThat(problem).startsWith("service.yaml:3:13: maxPages must be between 1"),
                        problem -> assertThat(problem).startsWith("service.yaml:5:16: "),
                        problem -> assertThat(problem).startsWith("service.yaml:6:26: not a block"),
                        problem -> assertThat(problem)
                                .startsWith("service.yaml:7:1: unknown key \"maxPages\"; it belongs in \"limits\""),
                        problem -> assertThat(problem).as("not what a job would be told")
                                .startsWith("service.yaml:8:1: unknown key \"login\"; the keys here are ")));
        assertThatThrownBy(() -> read("concurrency: 3\n"))
                .hasMessageContaining("service.yaml:1:14: concurrency must be at least maxConcurrentCrawls, 4");
        assertThatThrownBy(() -> read("- a\n")).hasMessageContaining("must be a mapping");
    }

    @Test
    void whatCannotBeReadIsToldFromWhatIsWrong() {
        assertThatThrownBy(() -> ServiceSettingsReader.read("service.yaml", new byte[]{(byte) 0xFF}, Map.of()))
                .hasMessageContaining("service.yaml:1:1: is not UTF-8; save it as UTF-8");
        byte[] blank = " ".repeat((1 << 20) + 1).getBytes(UTF_8);
        assertThatThrownBy(() -> ServiceSettingsReader.read("service.yaml", blank, Map.of()))
                .hasMessageContaining("service.yaml:1:1: is longer than 1 MiB");
        assertThatThrownBy(() -> read("tokenFile: \"a\\0b\"\n"))
                .hasMessageContaining("service.yaml:1:12: tokenFile is not a path: ");
    }

    @Test
    void oneMebibyteIsNotTooLong() throws Exception {
        byte[] blank = " ".repeat(1 << 20).getBytes(UTF_8);
        assertThat(ServiceSettingsReader.read("service.yaml", blank, Map.of()).concurrency())
                .isEqualTo(read("").concurrency());
    }

    @Test
    void otherBoundsReplaceThoseThatWereRead() throws Exception {
        ServiceSettings settings = read("concurrency: 7\n");
        JobBounds others = read("limits: {maxPages: 3}\n").bounds();
        assertThat(settings.with(others).bounds()).isEqualTo(others);
        assertThat(settings.with(others).concurrency()).isEqualTo(7);
    }

    @Test
    void asManyFetchesAsCrawlsAreEnough() throws Exception {
        assertThat(read("concurrency: 4\n").concurrency()).isEqualTo(4);
    }

    @Test
    void theSchemaIsOneOfItsDraftAndDescribesEveryKey() {
        JsonNode schema = new JsonMapper().readTree(BundledSchema.SERVICE.text());
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        assertThat(registry.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()))
                .validate(schema)).isEmpty();
        schema.get("properties").properties().forEach(key -> {
            assertThat(key.getValue().path("description").stringValue("")).as(key.getKey()).isNotBlank();
            key.getValue().path("properties").properties().forEach(inner -> {
                assertThat(inner.getValue().path("description").stringValue("")).as(inner.getKey()).isNotBlank();
                assertThat(inner.getValue().has("default")).as(inner.getKey()).isTrue();
            });
        });
    }
}
