package fanout.synthetic;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One request and the ways to answer it, properly or not. Not thread-safe: it belongs to the handler, while that runs.
 *
 * <p>After {@link #respond} the connection serves its next request; after {@link #sendRaw}, {@link #socket} or no
 * answer at all it is closed when the handler returns.
 */
public final class Exchange {

    private static final Duration FOR_EVER = Duration.ofDays(20);

    private final SyntheticRequestHead request;
    private final SyntheticRequestReader reader;
    private final SocketChannel channel;
    private final int host;
    private final HostLog.Entry entry;
    private final Runnable leaveFlight;
    private boolean inFlight = true;
    private boolean answered;
    private boolean keepAlive;

    Exchange(
            SyntheticRequestHead request,
            SyntheticRequestReader reader,
            SocketChannel channel,
            int host,
            HostLog.Entry entry,
            Runnable leaveFlight) {
        this.request = request;
        this.reader = reader;
        this.channel = channel;
        this.host = host;
        this.entry = entry;
        this.leaveFlight = leaveFlight;
        this.keepAlive = !request.wantsClose();
    }

    public String method() {
        return request.method();
    }

    /** Path and query, as sent. */
    public String path() {
        return request.path();
    }

    public Optional<String> header(String name) {
        return request.header(name);
    }

    /** The number of the host whose address the connection goes to, from 0. */
    public int host() {
        return host;
    }

    public void respond(int status, String contentType, String body) throws IOException {
        respond(status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with a Content-Length of its own; for HEAD, without the body. */
    public void respond(int status, Map<String, String> headers, byte[] body) throws IOException {
        respond(status, headers, ByteBuffer.wrap(body));
    }

    /** The head, promising {@code bodyBytes}; the body is to follow by {@link #sendRaw}. */
    public void respondHead(int status, Map<String, String> headers, long bodyBytes) throws IOException {
        keepAlive = false;
        answered(status);
        write(head(status, headers, bodyBytes));
    }

    void respond(int status, Map<String, String> headers, ByteBuffer... body) throws IOException {
        if (answered) {
            throw new IllegalStateException("answered twice: " + path());
        }
        long bodyBytes = 0;
        for (ByteBuffer part : body) {
            bodyBytes += part.remaining();
        }
        answered(status);
        ByteBuffer head = head(status, headers, bodyBytes);
        leaveFlight();
        if (request.method().equals("HEAD") || bodyBytes == 0) {
            write(head);
            return;
        }
        ByteBuffer[] whole = new ByteBuffer[body.length + 1];
        whole[0] = head;
        System.arraycopy(body, 0, whole, 1, body.length);
        write(whole);
    }

    /** Sends these characters as bytes (ISO 8859-1), whatever HTTP may think of them. Sets no status. */
    public void sendRaw(String text) throws IOException {
        keepAlive = false;
        answered = true;
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** The connection itself. */
    public Socket socket() {
        keepAlive = false;
        answered = true;
        return channel.socket();
    }

    /** Waits; ends early with an {@link IOException} when the client leaves. */
    public void pause(Duration duration) throws IOException {
        if (duration.isPositive()) {
            reader.pause(duration);
        }
    }

    /** Says nothing until the client leaves, by an {@link IOException}. */
    public void stall() throws IOException {
        pause(FOR_EVER);
    }

    /** Drops the connection with RST. */
    public void reset() throws IOException {
        keepAlive = false;
        leaveFlight();
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    boolean mayContinue() {
        return keepAlive && answered;
    }

    private void answered(int status) {
        answered = true;
        entry.answeredWith(status);
    }

    /**
     * Before the last bytes go: a client that has read them may have its next request here before this thread runs
     * again, and would be counted as having two in flight.
     */
    void leaveFlight() {
        if (inFlight) {
            inFlight = false;
            leaveFlight.run();
        }
    }

    private ByteBuffer head(int status, Map<String, String> headers, long bodyBytes) {
        StringBuilder head =
                new StringBuilder(160).append("HTTP/1.1 ").append(status).append(status == 200 ? " OK" : " ");
        headers.forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
        if (status >= 200 && status != 204 && status != 304) {
            head.append("\r\nContent-Length: ").append(bodyBytes);
        }
        if (!keepAlive) {
            head.append("\r\nConnection: close");
        }
        return ByteBuffer.wrap(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    private void write(ByteBuffer... parts) throws IOException {
        ByteBuffer last = parts[parts.length - 1];
        while (last.hasRemaining()) {
            channel.write(parts);
        }
    }
}
