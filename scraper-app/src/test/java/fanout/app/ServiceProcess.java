package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code scraper serve} as a process of its own, on a free port. Closing kills it. */
final class ServiceProcess implements AutoCloseable {

    private static final Pattern SERVING = Pattern.compile("(?:serving|the shop is open) at (http://[^/]+)/");

    private final Process process;
    private final Path stderr;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String origin;

    private ServiceProcess(Process process, Path stderr, String origin) {
        this.process = process;
        this.stderr = stderr;
        this.origin = origin;
    }

    static ServiceProcess start(Path folder, String... options) throws IOException {
        Path config = Files.writeString(folder.resolve("service.yaml"), "network: {allowPrivateAddresses: true}\n");
        List<String> words = CommandProcess.scraper("serve", "--port", "0", "--data", folder.resolve("data").toString(),
                "--config", config.toString());
        words.addAll(List.of(options));
        return startAs(folder, words);
    }

    /** Another command that serves. */
    static ServiceProcess startAs(Path folder, List<String> words) throws IOException {
        Path stderr = Files.createTempFile(folder, "stderr", "");
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(stderr.toFile());
        builder.environment().remove("TERM");
        Process process = builder.start();
        try {
            String said = await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Files.readString(stderr), text -> SERVING.matcher(text).find() || !process.isAlive());
            Matcher serving = SERVING.matcher(said);
            assertThat(serving.find()).as(said).isTrue();
            return new ServiceProcess(process, stderr, serving.group(1));
        } catch (RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
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

    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor()).isZero();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
        return process.exitValue();
    }

    String stderr() throws IOException {
        return Files.readString(stderr);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        client.close();
    }
}
