package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code scraper serve} as a process of its own, on a free port. Closing kills it. */
final class ServiceProcess implements AutoCloseable {

    private final Process process;
    private final Path stderr;
    private final ServiceClient client;

    private ServiceProcess(Process process, Path stderr, String origin) {
        this.process = process;
        this.stderr = stderr;
        this.client = new ServiceClient(origin);
    }

    static ServiceProcess start(Path folder, String... options) throws IOException {
        Path config = Files.writeString(folder.resolve("service.yaml"), "network: {allowPrivateAddresses: true}\n");
        List<String> words = MainProcess.command("serve", "--port", "0", "--data", folder.resolve("data").toString(),
                "--config", config.toString());
        words.addAll(List.of(options));
        Path stderr = Files.createTempFile(folder, "stderr", "");
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(stderr.toFile());
        builder.environment().remove("TERM");
        Process process = builder.start();
        try {
            String said = await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Files.readString(stderr),
                            text -> ServiceClient.origin(text).isPresent() || !process.isAlive());
            assertThat(ServiceClient.origin(said)).as(said).isPresent();
            return new ServiceProcess(process, stderr, ServiceClient.origin(said).orElseThrow());
        } catch (RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Asks the service. */
    ServiceClient client() {
        return client;
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
