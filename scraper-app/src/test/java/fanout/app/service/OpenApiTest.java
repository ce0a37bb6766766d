package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import fanout.app.Site;
import fanout.app.service.api.ServiceApi;
import fanout.app.service.http.Route;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document says what the code does: the same paths, methods and parameters, and answers that fit its
 * schemas.
 */
class OpenApiTest {

    @TempDir
    private Path data;

    @Test
    void theDocumentHasTheRoutesAndTheirParameters() throws Exception {
        try (RunningService service = RunningService.start(data)) {
            Map<String, Set<String>> documented = new TreeMap<>();
            JsonNode paths = service.get("/openapi.json").json().get("paths");
            paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> {
                Set<String> parameters = new TreeSet<>();
                operation.getValue().path("parameters").forEach(parameter -> {
                    if (parameter.get("in").stringValue().equals("query")) {
                        parameters.add(parameter.get("name").stringValue());
                    }
                });
                documented.put(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), parameters);
            }));
            Map<String, Set<String>> served = new TreeMap<>();
            for (Route route : service.service().routes().all()) {
                boolean ofTheDashboard = route.pattern().equals("/") || route.pattern().startsWith("/assets/");
                if (!ofTheDashboard) {
                    served.put(route.method() + " " + route.pattern(), new TreeSet<>(route.parameters()));
                }
            }
            assertThat(documented).isEqualTo(served);
        }
    }

    /** Of all methods of a route; each is a counter from the start. */
    @Test
    void theStatusesOfARouteAreThoseOfItsOperations() {
        assertThat(ServiceApi.documentedStatuses()).containsEntry("/health/ready", Set.of(200, 503))
                .containsEntry(CRAWLS + "/{id}", Set.of(200, 204, 401, 403, 404, 409, 421))
                .hasSize(25);
    }

    @Test
    void answersFitTheirSchemas() throws Exception {
        try (Site site = new Site("Docs"); RunningService service = RunningService.start(data)) {
            JsonNode document = service.get("/openapi.json").json();
            String crawl = service.submitted(site.job("/slow/"));
            await().until(() -> site.slowRequests.get() == 10);
            fits(document, "Crawl", service.get(crawl));
            fits(document, "CrawlPage", service.get(CRAWLS));
            fits(document, "Task", service.get(crawl + "/tasks"));
            fits(document, "Hosts", service.get(crawl + "/hosts"));
            fits(document, "Ending", service.post(crawl + "/cancel", "{}"));
            fits(document, "Problem", service.get(crawl + "/report"));
            fits(document, "Problem", service.submit("name: 1"));
            fits(document, "Valid", service.send("POST", CRAWLS + "?dryRun=true", site.job("/").getBytes(UTF_8),
                    "Content-Type: application/yaml"));
            fits(document, "Status", service.get("/health/live"));
            site.release.countDown();
            service.awaitState(crawl, "finished", "cancelled");
            fits(document, "Crawl", service.get(crawl));
            fits(document, "Series", service.get(crawl + "/series"));
        }
    }

    private static void fits(JsonNode document, String name, Answer answer) {
        ObjectNode schema = new JsonMapper().createObjectNode();
        schema.put("$ref", "#/components/schemas/" + name);
        schema.set("components", document.get("components"));
        Schema compiled = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
        assertThat(compiled.validate(answer.json())).as(name + ": " + answer.text()).isEmpty();
        JsonNode documented = document.at("/components/schemas/" + name + "/properties");
        assertThat(answer.json().propertyNames()).as("members of " + name)
                .isSubsetOf(documented.propertyNames());
    }
}
