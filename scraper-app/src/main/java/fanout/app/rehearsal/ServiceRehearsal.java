package fanout.app.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.BadJobException;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.service.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The service's part of a {@link Rehearsal}: it starts, is asked what a browser asks first, takes a job, and ends. */
record ServiceRehearsal(Path data) {

    private static final int PATIENCE_MS = 10_000;

    private static final List<String> PATHS =
            List.of("/health/live", "/", "/assets/main.js", "/api/v1/crawls", "/api/v1/schema", "/metrics");

    /** Where no crawl may go: what is taken here ends as soon as it begins. */
    private static final String JOB = "name: rehearsal\nstartUrls: [\"http://127.0.0.1:1/\"]\n";

    /**
     * Runs it in a folder in which no service was before. Returns 0, or 1 if the service did not do what was expected
     * of it.
     */
    int run() throws IOException, InterruptedException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Service service = Service.open(ServiceSettingsReader.standard(), Service.Listening.at(anyPort), data,
                Optional.empty())) {
            boolean answered = true;
            for (String path : PATHS) {
                answered &= get(service.address(), path).startsWith("HTTP/1.1 200 ");
            }
            boolean taken = service.submit(JOB.getBytes(UTF_8));
            service.stop();
            service.run();
            return answered && taken ? 0 : 1;
        } catch (BadJobException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The whole answer. */
    private static String get(InetSocketAddress address, String path) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(PATIENCE_MS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + address.getPort()
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
