package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.config.JobFile;
import fanout.app.config.JobFileReader;
import fanout.app.config.JobOverrides;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code examples/}; {@link ExamplesTest} and {@link RequestExamplesTest} run them. */
class ExampleFilesTest {

    @Test
    void everyExampleIsTested() throws IOException {
        try (Stream<Path> files = Files.list(ExampleRun.EXAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("whole-site.yaml",
                    "catalogue.yaml", "sitemap-only.yaml", "polite-many-hosts.yaml", "fast-intranet.yaml", "news.yaml",
                    "page-numbers.yaml", "graphql-cursor.yaml", "product-facets.yaml", "search-form.yaml",
                    "postback-paging.yaml", "login.yaml", "bearer-token.yaml", "model-text.yaml");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole-site", "catalogue", "sitemap-only", "polite-many-hosts", "fast-intranet", "news",
        "page-numbers", "graphql-cursor", "product-facets", "search-form", "postback-paging", "login", "bearer-token",
        "model-text"})
    void anExampleIsValidAsItStandsAndSaysWhenToUseItAndHowToRunIt(String name) throws Exception {
        Path file = ExampleRun.EXAMPLES.resolve(name + ".yaml");
        String text = Files.readString(file);

        try (InputStream content = Files.newInputStream(file)) {
            JobFile job = JobFileReader.read(file.toString(), content, JobOverrides.NONE,
                    Map.of("SHOP_USER", "ann", "SHOP_PASSWORD", "secret", "API_KEY", "secret"));

            assertThat(job.job().name()).isEqualTo(name);
            assertThat(Stream.concat(job.job().start().urls().stream().map(start -> start.url()),
                    job.job().start().sitemaps().stream()).map(url -> url.host().name()))
                    .isNotEmpty()
                    .allMatch(host -> host.matches("(.*\\.)?example\\.(org|net|com)|127\\.0\\.0\\.1"));
        }
        assertThat(text).startsWith("# ")
                .contains("\n# Use it ", "\n# Run it:   ", "scraper crawl " + name + ".yaml");
    }
}
