package fanout.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a service, whose address is the one that it has said. */
final class ServiceClient implements AutoCloseable {

    private static final Pattern SERVING = Pattern.compile("(?:serving|the shop is open) at (http://[^/]+)/");

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String origin;

    ServiceClient(String origin) {
        this.origin = origin;
    }

    /** Where a service says that it serves; none if it has not said so yet. */
    static Optional<String> origin(String said) {
        return SERVING.matcher(said).results().findFirst().map(found -> found.group(1));
    }

    String origin() {
        return origin;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return new JsonMapper().readTree(text(path));
    }

    String text(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(origin + path)).build(), BodyHandlers.ofString()).body();
    }

    /** Submits a job, and returns the path of its crawl. */
    String submit(String yaml) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(origin + "/api/v1/crawls"))
                .header("Content-Type", "application/yaml")
                .POST(BodyPublishers.ofString(yaml))
                .build();
        return client.send(request, BodyHandlers.discarding()).headers().firstValue("Location").orElseThrow();
    }

    JsonNode awaitState(String crawl, String state) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(30))
                .until(() -> get(crawl), seen -> seen.get("state").stringValue().equals(state));
    }

    /** The path of the only crawl, when it has fetched a page. */
    String awaitCrawl(String name) {
        JsonNode crawl = await()
                .until(() -> get("/api/v1/crawls").get("crawls"), crawls -> !crawls.isEmpty())
                .get(0);
        String path = "/api/v1/crawls/" + crawl.get("id").stringValue();
        await(name).until(() -> get(path).get("name").stringValue().equals(name)
                && get(path).at("/progress/ok").asInt() > 0);
        return path;
    }

    @Override
    public void close() {
        client.close();
    }
}
