package fanout.app.service.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.schema.JobSchema;
import fanout.app.metrics.JobRegistries;
import fanout.app.service.access.ServiceGuard;
import fanout.app.service.crawl.CrawlScope;
import fanout.app.service.http.Door;
import fanout.app.service.http.Reply;
import fanout.app.service.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the service says of itself, and logins. */
public record ServiceApi(CrawlScope scope, ServiceGuard guard, JobRegistries registries) {

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    public List<Route> routes() {
        byte[] openApi = openApi();
        byte[] schema = JobSchema.text().getBytes(UTF_8);
        return List.of(
                Route.of(Door.PAGE, "POST", "/api/v1/login", guard::login),
                Route.of(Door.PAGE, "POST", "/api/v1/logout", guard::logout),
                Route.of(Door.API, "GET", "/api/v1/schema", _ -> Reply.of(200, "application/schema+json", schema)),
                Route.of(Door.API, "GET", "/openapi.json", _ -> Reply.of(200, Reply.JSON, openApi)),
                Route.of(Door.METRICS, "GET", "/metrics", _ -> Reply.of(200, METRICS_TYPE,
                        registries.scrape().getBytes(UTF_8))),
                Route.of(Door.HEALTH, "GET", "/health/live", _ -> Reply.json(200, Map.of("status", "up"))),
                Route.of(Door.HEALTH, "GET", "/health/ready", _ -> scope.whyNotReady()
                        .map(why -> Reply.json(503, Map.of("status", "not ready", "reason", why)))
                        .orElseGet(() -> Reply.json(200, Map.of("status", "up")))));
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
