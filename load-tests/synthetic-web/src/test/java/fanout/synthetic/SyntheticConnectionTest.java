package fanout.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticConnectionTest {

    @Test
    void requestsInPiecesAndInOneGoAreAnsweredInOrder() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().start();
                Socket socket = connect(web)) {
            web.on("/echo?a=b", exchange -> exchange.respond(200, "text/plain", exchange.method() + exchange.path()));
            String get = "GET /echo?a=b HTTP/1.1\r\nhost:  x \r\n\r\n";
            String post = "POST /echo?a=b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
            String all = get + post + get;
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < all.length(); i += 7) {
                send(socket, all.substring(i, Math.min(all.length(), i + 7)));
            }
            assertThat(body(in)).isEqualTo("GET/echo?a=b");
            assertThat(body(in)).isEqualTo("POST/echo?a=b");
            assertThat(body(in)).isEqualTo("GET/echo?a=b");
            assertThat(web.arrivals("x")).hasSize(3).extracting(Arrival::connection).containsOnly(1);
        }
    }

    @Test
    void headHasTheLengthButNoBody() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().start();
                Socket socket = connect(web)) {
            send(socket, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).contains("Content-Length: 2048").endsWith("\r\n\r\n");
        }
    }

    @Test
    void aProxysRequestIsAnsweredByItsPath() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().start();
                Socket socket = connect(web)) {
            send(socket, "GET http://example.org/page/3.html HTTP/1.0\r\nHost: example.org\r\n\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("<h1>Page 3</h1>");
            assertThat(web.arrivals("example.org")).hasSize(1);
        }
    }

    @Test
    void aHandlerMaySendAnythingByTheSocket() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().start();
                Socket socket = connect(web)) {
            web.on("/odd",
                    exchange -> exchange.socket()
                            .getOutputStream()
                            .write("not HTTP".getBytes(StandardCharsets.US_ASCII)));
            send(socket, "GET /odd HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("not HTTP");
        }
    }

    @Test
    void aHandlerThatThrowsIsToldOnClose() throws Exception {
        SyntheticWeb web = SyntheticWeb.builder().start();
        try (Socket socket = connect(web)) {
            web.on("/broken", _ -> {
                throw new IllegalArgumentException("on purpose");
            });
            send(socket, "GET /broken HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(web::close).hasRootCauseMessage("on purpose");
    }

    @Test
    void aRequestThatCannotBeReadIsToldOnClose() throws Exception {
        SyntheticWeb web = SyntheticWeb.builder().start();
        try (Socket socket = connect(web)) {
            send(socket, "hello\r\n\r\n");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(web::close).hasMessageContaining("synthetic web").rootCause().hasMessageContaining("hello");
    }

    @Test
    void closingEndsStalledAndBlockedRequestsAndLeavesNoThread(@TempDir Path folder) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (SyntheticWeb web = SyntheticWeb.builder().fault(new Fault.Stalled(), 1).start()) {
            web.on("/blocked", _ -> Thread.sleep(Long.MAX_VALUE));
            for (int i = 0; i < 200; i++) {
                Socket socket = connect(web);
                sockets.add(socket);
                send(socket, "GET " + (i % 2 == 0 ? "/blocked" : "/page/1.html") + " HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            await().until(() -> web.inFlight() == 200);
            assertThat(threadNames(folder.resolve("during.json"))).contains("synthetic-web-200");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertThat(threadNames(folder.resolve("after.json"))).doesNotContain("synthetic-web");
    }

    /** A thread dump with the virtual threads, as text. */
    private static String threadNames(Path file) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
        return Files.readString(file);
    }

    private static Socket connect(SyntheticWeb web) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), web.port());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String body(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
        int length = Integer.parseInt(head, at, head.indexOf("\r", at), 10);
        return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }
}
