package fanout.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;
import java.util.Optional;

/** One connection, as a script sees it: bytes, without any idea of what HTTP allows. Confined to its thread. */
final class Wire {

    private static final int TLS_HANDSHAKE = 22;
    private static final int LONGEST_HEAD = 128 << 10;

    private final Socket socket;
    private final InputStream in;
    private final String origin;
    private String head = "";

    Wire(Socket socket, String origin) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.origin = origin;
    }

    /** This host, as in {@code http://127.1.0.1:8099}. */
    String origin() {
        return origin;
    }

    int port() {
        return socket.getLocalPort();
    }

    boolean isOpen() {
        return !socket.isClosed() && !socket.isOutputShutdown();
    }

    /**
     * Waits for a request: its path and query, or empty if the client has left. If it is not HTTP, its path is empty.
     */
    Optional<String> next() throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf("\r\n\r\n", read.length() - 4) < 0) {
            int c = in.read();
            if (c < 0 || read.length() == LONGEST_HEAD) {
                return Optional.empty();
            }
            if (c == TLS_HANDSHAKE) {
                return Optional.of("");
            }
            read.append((char) c);
        }
        head = read.toString();
        String[] words = head.split(" ", 3);
        return Optional.of(words.length < 3 ? "" : words[1]);
    }

    /** A header of the last request; empty if it has none. */
    String header(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ": ";
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElse("");
    }

    void send(String text) throws IOException {
        send(text.getBytes(ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends until the client leaves. */
    void sendForever(String text) throws IOException {
        byte[] block = text.repeat(1 + (64 << 10) / text.length()).getBytes(ISO_8859_1);
        while (isOpen()) {
            send(block);
        }
    }

    /** Sends one character after the other. */
    void trickle(String text, int pauseMillis) throws IOException, InterruptedException {
        for (int i = 0; i < text.length(); i++) {
            send(text.substring(i, i + 1));
            Thread.sleep(pauseMillis);
        }
    }

    /** A well-formed response; the connection stays open. */
    void respond(String statusAndHeaders, byte[] body) throws IOException {
        send("HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: " + body.length + "\r\n\r\n");
        send(body);
    }

    void html(String html) throws IOException {
        respond("200 OK\r\nContent-Type: text/html; charset=utf-8", html.getBytes(UTF_8));
    }

    /** Does nothing until the client leaves. */
    void hang() throws IOException {
        while (in.read() >= 0) {
            // What it still says is of no interest.
        }
        throw new EOFException("the client left");
    }

    void close() throws IOException {
        socket.close();
    }

    /** Says that nothing more comes, and stays. */
    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes so that the client's machine is told to forget everything. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
