package fanout.app.service.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.schema.BundledSchema;
import fanout.app.json.Json;
import fanout.app.metrics.JobRegistries;
import fanout.app.metrics.Scrape;
import fanout.app.service.access.ServiceGuard;
import fanout.app.service.crawl.CrawlScope;
import fanout.app.service.http.Door;
import fanout.app.service.http.Reply;
import fanout.app.service.http.Route;
import fanout.app.service.http.ServiceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What the service says of itself, and logins. */
public record ServiceApi(CrawlScope scope, ServiceGuard guard, JobRegistries registries) {

    public List<Route> routes() {
        byte[] openApi = openApi();
        byte[] schema = BundledSchema.JOB.text().getBytes(UTF_8);
        return List.of(
                Route.of(Door.PAGE, "POST", "/api/v1/login", guard::login),
                Route.of(Door.PAGE, "POST", "/api/v1/logout", guard::logout),
                Route.of(Door.READ, "GET", "/api/v1/session", guard::session),
                Route.of(Door.READ, "GET", "/api/v1/schema", _ -> Reply.of(200, "application/schema+json", schema)),
                Route.of(Door.READ, "GET", "/openapi.json", _ -> Reply.of(200, Reply.JSON, openApi)),
                Route.of(Door.METRICS, "GET", "/metrics", this::metrics),
                Route.of(Door.HEALTH, "GET", "/health/live", _ -> Reply.json(200, Map.of("status", "up"))),
                Route.of(Door.HEALTH, "GET", "/health/ready", _ -> scope.whyNotReady()
                        .map(why -> Reply.json(503, Map.of("status", "not ready", "reason", why)))
                        .orElseGet(() -> Reply.json(200, Map.of("status", "up")))));
    }

    private Reply metrics(ServiceRequest request) {
        Scrape metrics = registries.scrape(String.join(",", request.headers("Accept")));
        return Reply.of(200, metrics.type(), metrics.text());
    }

    /** The statuses that each route's answers may have, as the API's description says. */
    public static Map<String, Set<Integer>> documentedStatuses() {
        Map<String, Set<Integer>> statuses = new TreeMap<>();
        JsonNode paths = Json.read(openApi()).orElseThrow().path("paths");
        paths.properties()
                .forEach(path -> path.getValue()
                        .forEach(operation -> operation.path("responses")
                                .propertyNames()
                                .forEach(status -> statuses.computeIfAbsent(path.getKey(), _ -> new TreeSet<>())
                                        .add(Integer.valueOf(status)))));
        return statuses;
    }

    private static byte[] openApi() {
        String name = "/fanout/app/service/openapi.json";
        try (InputStream in = Objects.requireNonNull(ServiceApi.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
