package fanout.app.service.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import fanout.app.service.http.RequestInput.MalformedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request from its first byte to the last one of its answer. Confined to the connection's thread. */
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final Map<String, String> ALWAYS = Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()",
            "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                    + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    /** Made before it is needed: there may be no memory then. */
    private static final Reply FAILED =
            Reply.problem(Problem.of(500, "an internal error; the log of the service has the reason"));
    private static final int SMALL = 16 << 10;
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final Connection connection;
    private final Routes routes;
    private final Guard guard;
    private final Instant at = Instant.now();
    private final long startedNanos = System.nanoTime();
    private String method = "-";
    private String path = "-";
    private String route = "unmatched";
    private @Nullable RequestHead head;
    private @Nullable RequestBody body;
    private boolean broken;
    private int status;
    private long bytes;
    private boolean complete;

    Exchange(Connection connection, Routes routes, Guard guard) {
        this.connection = connection;
        this.routes = routes;
        this.guard = guard;
    }

    /**
     * Reads the request and answers it.
     *
     * @return whether the connection may serve another one: beyond doubt this one has ended, and nothing went wrong with it
     */
    boolean answer() throws IOException {
        try {
            Reply reply = reply();
            boolean persistent = mayStay(reply);
            send(reply, persistent);
            complete = true;
            return persistent;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("the time is up, or the service stops").initCause(e);
        }
    }

    private Reply reply() throws InterruptedException {
        try {
            RequestHead read = RequestHead.read(connection.input(), (verb, target) -> {
                method = verb;
                path = target;
            });
            head = read;
            path = read.path();
            boolean expecting = read.isExpecting();
            RequestBody content =
                    new RequestBody(connection.input(), read.length(), () -> connection.goAhead(expecting),
                            connection::arrived);
            body = content;
            Routes.Match match = routes.find(method, path);
            route = match.route().pattern();
            Request request = new Request(read, content, connection.client(), match.route(), match.variables());
            guard.check(request);
            if (match.route().door().isTokenNeeded()) {
                connection.letIn(content);
            }
            return match.route().handler().answer(request);
        } catch (RefusedException e) {
            return Reply.problem(e.problem());
        } catch (MalformedException e) {
            broken = true;
            return Reply.problem(e.problem());
        } catch (SocketTimeoutException e) {
            broken = true;
            return Reply.problem(Problem.of(408, "the request did not arrive within "
                    + connection.patience().toSeconds() + " s"));
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException("while a request was read").initCause(e);
        } catch (IOException e) {
            LOG.warn("{} {} cannot be answered", method, route, e);
            return Reply.problem(Problem.of(503, "a file of the service cannot be used at the moment"));
        } catch (RuntimeException | Error e) { // of this request alone: the others, and its client, must hear from the service
            return failed(e);
        }
    }

    private Reply failed(Throwable e) {
        broken = true;
        try {
            LOG.error("{} {} failed", method, route, e);
        } catch (OutOfMemoryError _) {
            // then without a line in the log
        }
        return FAILED;
    }

    /** A body that was refused, or not read to its end, may hide what another reader takes for the next request. */
    private boolean mayStay(Reply reply) {
        return !broken && head != null && head.persistent() && body != null && body.isEnded()
                && (reply.status() < 400 || head.length() == 0);
    }

    /** Whether the client may still be sending a body, which is then read before the connection is closed. */
    boolean isUnread() {
        return broken || body == null || !body.isEnded();
    }

    private void send(Reply reply, boolean persistent) throws IOException, InterruptedException {
        status = reply.status();
        boolean bodyless = method.equals("HEAD") || status == 204 || status == 304;
        connection.progressed();
        switch (reply) {
            case Reply.Whole whole -> {
                Map<String, String> headers = headers(reply, persistent);
                if (status != 204 && status != 304) {
                    headers.put("Content-Length", String.valueOf(whole.body().length));
                }
                write(headers, bodyless ? new byte[0] : whole.body());
            }
            case Reply.Streamed streamed -> {
                try (Reply.Body content = streamed.body()) {
                    boolean chunked = head != null && !head.old();
                    Map<String, String> headers = headers(reply, persistent);
                    if (chunked) {
                        headers.put("Transfer-Encoding", "chunked");
                    }
                    write(headers, new byte[0]); // the reader learns at once that it is served
                    if (!bodyless) {
                        stream(content, chunked);
                    }
                }
            }
        }
    }

    private Map<String, String> headers(Reply reply, boolean persistent) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Date", DATE.format(at));
        headers.putAll(ALWAYS);
        headers.put("Cache-Control", "no-store");
        headers.putAll(reply.headers());
        if (!persistent) {
            headers.put("Connection", "close");
        }
        return headers;
    }

    private void write(Map<String, String> headers, byte[] content) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status).append(' ').append(Problem.title(status));
        headers.forEach((name, value) -> {
            if (value.chars().anyMatch(c -> c < ' ' || c > 0xff)) {
                throw new IllegalStateException("not the value of a header: " + name);
            }
            text.append("\r\n").append(name).append(": ").append(value);
        });
        byte[] start = text.append("\r\n\r\n").toString().getBytes(ISO_8859_1);
        if (content.length > SMALL) {
            connection.output().write(start);
            stream(out -> out.write(content), false); // a reader may take its time
            return;
        }
        byte[] whole = Arrays.copyOf(start, start.length + content.length); // one packet, if it fits into one
        System.arraycopy(content, 0, whole, start.length, content.length);
        connection.output().write(whole);
        bytes = content.length;
    }

    private void stream(Reply.Body content, boolean chunked) throws IOException, InterruptedException {
        ResponseOutput out = new ResponseOutput(connection.output(), chunked, connection::progressed);
        try {
            content.writeTo(out);
            out.end(); // not after a failure: an answer that ends early must not look whole
        } catch (RuntimeException | Error e) {
            failed(e);
            throw new IOException("the answer cannot be completed", e);
        } finally {
            bytes = out.written();
        }
    }

    RequestListener.Answered record() {
        return new RequestListener.Answered(at, connection.client().address(), method, route, path, status, bytes,
                Duration.ofNanos(System.nanoTime() - startedNanos), complete);
    }
}
