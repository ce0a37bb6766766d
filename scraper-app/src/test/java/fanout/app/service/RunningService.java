package fanout.app.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.config.ServiceSettings;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.service.access.ApiToken;
import fanout.app.service.http.HttpService;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/**
 * A service in this process, on loopback, and requests to it over sockets of their own. Closing stops it, and joins it.
 */
final class RunningService implements AutoCloseable {

    static final String OPEN = "network: {allowPrivateAddresses: true}\n";
    static final String CRAWLS = "/api/v1/crawls";

    private final Service service;
    private final Thread thread;

    private RunningService(Service service) {
        this.service = service;
        this.thread = Thread.ofPlatform().name("service-under-test").start(this::run);
    }

    /** A service that lets jobs reach this computer. */
    static RunningService start(Path data) throws Exception {
        return start(data, "", Optional.empty(), Duration.ofSeconds(20));
    }

    /**
     * A service.
     *
     * @param more of its configuration
     * @param patience with requests and readers
     */
    static RunningService start(Path data, String more, Optional<String> token, Duration patience) throws Exception {
        ServiceSettings settings = ServiceSettingsReader.read("test.yaml", (OPEN + more).getBytes(UTF_8), Map.of());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpService.Limits limits = new HttpService.Limits(100, 50, patience);
        return start(settings, new Service.Listening(address, limits, 3, 6), data, token);
    }

    /** A service as {@code scraper serve} starts it, which lets jobs reach this computer. */
    static RunningService asUsual(Path data, String more) throws Exception {
        ServiceSettings settings = ServiceSettingsReader.read("test.yaml", (OPEN + more).getBytes(UTF_8), Map.of());
        return start(settings, Service.Listening.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), data,
                Optional.empty());
    }

    private static RunningService start(ServiceSettings settings, Service.Listening listening, Path data,
            Optional<String> token) throws Exception {
        RunningService running =
                new RunningService(Service.open(settings, listening, data, token.map(ApiToken::of)));
        try {
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(30))
                    // on a busy machine its patience may end before its first answer
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> running.get("/health/ready").status() == 200);
        } catch (ConditionTimeoutException e) {
            running.close();
            throw e;
        }
        return running;
    }

    private void run() {
        try {
            service.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the thread ends with it
        }
    }

    Service service() {
        return service;
    }

    /** Connects, and sends bytes; the caller closes it. */
    Socket connect(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.getBytes(UTF_8));
        return socket;
    }

    /** Sends a request as it is, and reads the answer. */
    Answer raw(byte[] request) throws IOException {
        try (Socket socket = connect("")) {
            socket.getOutputStream().write(request);
            return Answer.read(new BufferedInputStream(socket.getInputStream()));
        }
    }

    /** Sends a request. */
    Answer send(String method, String path, byte[] body, String... headers) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        List<String> lines = new ArrayList<>(List.of(headers));
        if (lines.stream().noneMatch(line -> line.startsWith("Host:"))) {
            lines.add("Host: " + host());
        }
        if (body.length > 0) {
            lines.add("Content-Length: " + body.length);
        }
        request.writeBytes((method + " " + path + " HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", lines)
                + "\r\n\r\n").getBytes(UTF_8));
        request.writeBytes(body);
        if (!method.equals("HEAD")) {
            return raw(request.toByteArray());
        }
        try (Socket socket = connect("")) {
            socket.getOutputStream().write(request.toByteArray());
            Answer head = Answer.head(socket.getInputStream());
            assertThat(socket.getInputStream().readAllBytes()).as("the body of an answer to HEAD").isEmpty();
            return head;
        }
    }

    String host() {
        return "127.0.0.1:" + service.address().getPort();
    }

    Answer get(String path, String... headers) throws IOException {
        return send("GET", path, new byte[0], headers);
    }

    Answer delete(String path) throws IOException {
        return send("DELETE", path, new byte[0]);
    }

    Answer post(String path, String json, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: application/json");
        return send("POST", path, json.getBytes(UTF_8), all.toArray(String[]::new));
    }

    Answer submit(String yaml) throws IOException {
        return send("POST", CRAWLS, yaml.getBytes(UTF_8), "Content-Type: application/yaml");
    }

    /** Submits a job that must be taken, and returns the path of the crawl. */
    String submitted(String yaml) throws IOException {
        Answer answer = submit(yaml);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.header("Location").orElseThrow();
    }

    /** Waits until the crawl is in one of these states. */
    JsonNode awaitState(String crawl, String... states) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> get(crawl).json(), seen -> Set.of(states).contains(seen.get("state").stringValue()));
    }

    /** Asks the service to stop, and waits until all its crawls have ended. */
    void stop() throws InterruptedException {
        service.stop();
        assertThat(thread.join(Duration.ofSeconds(20))).as("the service has ended").isTrue();
    }

    /** The first bytes of a body that is streamed. */
    static InputStream body(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        assertThat(Answer.head(in).status()).isEqualTo(200);
        return in;
    }

    @Override
    public void close() throws IOException {
        service.stopNow();
        try {
            thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the service is closed all the same
        }
        service.close();
    }
}
