package fanout.app.service.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import fanout.app.service.http.RequestInput.GoneException;
import fanout.app.service.http.RequestInput.MalformedException;
import fanout.app.store.OwnFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection and the thread that serves it, one request after the other. The thread is blocked in the socket most of
 * the time; an interrupt closes the socket, and the thread leaves.
 *
 * <p>All but the fields that say what it does at the moment, which the service reads, is confined to that thread.
 */
final class Connection implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
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

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);
    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);
    private static final long MOST_UNREAD = 4L << 20;

    /**
     * What every connection serves.
     *
     * @param places one for each request that may be served at once, of those that need a token
     */
    record Serving(Routes routes, Guard guard, RequestListener listener, Duration patience, Semaphore places) {}

    /** What a connection is worth while there are more than may be; the first goes first. */
    enum Worth {
        /** It has shown no token yet: it is idle, or its request arrives, or is refused, or needs no token. */
        UNKNOWN,
        /** It has, and is idle, or its request arrives. */
        KNOWN,
        /** Its request has arrived, and was let in: it gives way to no one. */
        SERVED,
        /** It has given way, and ends. */
        GONE
    }

    private final SocketChannel channel;
    private final Serving serving;
    private final Consumer<Connection> closed;
    private final Client client;
    private final RequestInput input;
    private final OutputStream output;

    private final Thread thread;
    private final AtomicReference<Worth> worth = new AtomicReference<>(Worth.UNKNOWN);
    private volatile long since = System.nanoTime();
    private volatile long deadline;
    private volatile boolean timed;
    private volatile boolean ended;
    private volatile @Nullable Caller reader;
    private boolean known;
    private boolean served;
    private boolean answered;

    /**
     * A connection whose thread has not been started.
     *
     * @param threads makes it
     * @param closed told when it has ended, on its thread
     */
    Connection(SocketChannel channel, Serving serving, ThreadFactory threads, Consumer<Connection> closed)
            throws IOException {
        Socket socket = channel.socket();
        socket.setTcpNoDelay(true);
        this.channel = channel;
        this.closed = closed;
        this.serving = serving;
        this.input = new RequestInput(socket);
        this.output = socket.getOutputStream();
        this.client = Client.of(socket.getInetAddress());
        this.thread = threads.newThread(this);
    }

    @Override
    public void run() {
        try (channel) {
            boolean more = true;
            while (more && !ended && awaitRequest()) {
                more = serve();
            }
        } catch (IOException e) {
            // the client has gone, or was cut off: the access log has what there was of its request
        } finally {
            closed.accept(this);
        }
    }

    private boolean awaitRequest() throws IOException {
        input.within(serving.patience());
        try {
            return input.awaitByte();
        } catch (SocketTimeoutException e) {
            return false; // idle for long enough
        }
    }

    private boolean serve() throws IOException {
        long now = System.nanoTime();
        if (answered) { // the first request waits since the connection came, however late its first byte is
            since = now;
        }
        input.within(serving.patience());
        deadline = now + serving.patience().toNanos() * 2; // of which the request may take one half to arrive
        timed = true;
        Exchange exchange = new Exchange();
        boolean more;
        try {
            more = exchange.answer();
        } finally {
            answered = true;
            leave();
            serving.listener().answered(exchange.record());
        }
        if (!more && exchange.isUnread()) {
            sayGoodbye();
        }
        return more;
    }

    /**
     * Reads what the client still sends: if bytes are left unread, closing the socket would take the answer with it.
     */
    private void sayGoodbye() throws IOException {
        channel.shutdownOutput();
        input.within(LONGEST_GOODBYE);
        try {
            input.drain(MOST_UNREAD);
        } catch (SocketTimeoutException e) {
            // a client that has not stopped by now loses the answer
        }
    }

    /**
     * Counts the present request among those that are served. Once all of it has arrived, no newcomer ends it.
     *
     * @throws RefusedException 503 if as many are served already as may be
     */
    void letIn(RequestBody body) throws RefusedException {
        known = true;
        if (!serving.places().tryAcquire()) {
            throw new RefusedException(Problem.of(503, "the service answers as many requests as it can at the moment")
                    .with("Retry-After", "1"));
        }
        served = true;
        become(body.isEnded() ? Worth.SERVED : Worth.KNOWN);
    }

    /** Called when all of the present request has arrived. */
    void arrived() {
        if (served) {
            become(Worth.SERVED);
        }
    }

    private void leave() {
        timed = false;
        become(known ? Worth.KNOWN : Worth.UNKNOWN);
        since = System.nanoTime();
        if (served) {
            served = false;
            serving.places().release();
        }
    }

    /** Tells a client that waits for it to send the body. */
    void goAhead(boolean expecting) throws IOException {
        if (expecting) {
            try {
                output.write(CONTINUE);
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                throw new GoneException(e);
            }
        }
    }

    /** Gives the request its whole time again, because it makes progress. */
    void progressed() {
        deadline = System.nanoTime() + serving.patience().toNanos();
    }

    /** Gives the request its whole time again, if its client still waits for the answer. */
    private void checkWaiting() throws IOException {
        if (input.hasEnded()) {
            throw new GoneException(new EOFException("before it was answered"));
        }
        progressed();
    }

    Client client() {
        return client;
    }

    private void become(Worth next) {
        worth.updateAndGet(now -> now == Worth.GONE ? Worth.GONE : next);
    }

    Worth worth() {
        return worth.get();
    }

    /** Ends it for a newcomer, from another thread; false if its request has arrived meanwhile, or it ends already. */
    boolean giveWay() {
        Worth now = worth.get();
        boolean gives = now != Worth.SERVED && now != Worth.GONE && worth.compareAndSet(now, Worth.GONE);
        if (gives) {
            end();
        }
        return gives;
    }

    /** Returns since when it is worth that, in nanoseconds of the system's clock. */
    long since() {
        return since;
    }

    Thread thread() {
        return thread;
    }

    /** Whether the time of the present request is up: its reader has taken nothing for that long. */
    boolean isOverdue(long now) {
        return timed && now - deadline > 0;
    }

    /** Whether it streams to a reader whose token opens nothing any more. */
    boolean isForbidden() {
        Caller present = reader;
        return present != null && !present.isValid();
    }

    /** Ends it, from another thread; true for the first time. Again each time, because an interrupt may be lost. */
    boolean end() {
        boolean first = !ended;
        ended = true;
        thread.interrupt();
        return first;
    }

    /** A request from its first byte to the last one of its answer. */
    private final class Exchange {

        private final Instant at = Instant.now();
        private final long startedNanos = System.nanoTime();
        private String method = "-";
        private String path = "-";
        private String route = "unmatched";
        private Optional<Caller> caller = Optional.empty();
        private @Nullable RequestHead head;
        private @Nullable RequestBody body;
        private boolean broken;
        private int status;
        private long bytes;
        private boolean complete;

        /**
         * Reads the request and answers it.
         *
         * @return whether the connection may serve another one: beyond doubt this one has ended, and nothing went wrong
         *     with it
         * @throws IOException if the client has gone, or the connection was ended
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

        private Reply reply() throws InterruptedException, GoneException {
            try {
                RequestHead read = RequestHead.read(input, (verb, target) -> {
                    method = verb;
                    path = target;
                });
                head = read;
                path = read.path();
                boolean expecting = read.isExpecting();
                RequestBody content =
                        new RequestBody(input, read.length(), () -> goAhead(expecting),
                                Connection.this::arrived);
                body = content;
                Routes.Match match = serving.routes().find(method, path);
                route = match.route().pattern();
                ServiceRequest request =
                        new ServiceRequest(read, content, client, Connection.this::checkWaiting, match.route().door(),
                                match.route().parameters(), match.variables());
                caller = serving.guard().caller(request);
                serving.guard().check(request, caller);
                if (match.route().door().isTokenNeeded()) {
                    letIn(content);
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
                        + serving.patience().toSeconds() + " s"));
            } catch (InterruptedIOException | ClosedByInterruptException e) {
                throw (InterruptedException) new InterruptedException("while a request was read").initCause(e);
            } catch (GoneException e) {
                throw e; // anybody can do that: it is no line in the log
            } catch (IOException e) {
                LOG.warn("{} {} cannot be answered", method, route, e);
                return Reply.problem(Problem.of(503, e instanceof OwnFiles.UnusableException unusable
                        ? "a file of the service cannot be used: " + unusable.why()
                        : "a file of the service cannot be used at the moment"));
            } catch (RuntimeException | Error e) {
                // of this request alone: the others, and its client, must hear from the service
                if (e instanceof UncheckedIOException io && io.getCause() instanceof InterruptedIOException) {
                    throw (InterruptedException) new InterruptedException("while a request was answered").initCause(e);
                }
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
            progressed();
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
                        reader = caller.orElse(null);
                        boolean chunked = head != null && !head.old();
                        Map<String, String> headers = headers(reply, persistent);
                        if (chunked) {
                            headers.put("Transfer-Encoding", "chunked");
                        }
                        write(headers, new byte[0]); // the reader learns at once that it is served
                        if (!bodyless) {
                            stream(content, chunked);
                        }
                    } finally {
                        reader = null;
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
            StringBuilder text =
                    new StringBuilder("HTTP/1.1 ").append(status).append(' ').append(Problem.title(status));
            headers.forEach((name, value) -> {
                if (value.chars().anyMatch(c -> c < ' ' || c > 0xff)) {
                    throw new IllegalStateException("not the value of a header: " + name);
                }
                text.append("\r\n").append(name).append(": ").append(value);
            });
            byte[] start = text.append("\r\n\r\n").toString().getBytes(ISO_8859_1);
            if (content.length > SMALL) {
                output.write(start);
                stream(out -> out.write(content), false); // a reader may take its time
                return;
            }
            byte[] whole = Arrays.copyOf(start, start.length + content.length); // one packet, if it fits into one
            System.arraycopy(content, 0, whole, start.length, content.length);
            output.write(whole);
            bytes = content.length;
        }

        private void stream(Reply.Body content, boolean chunked) throws IOException, InterruptedException {
            ResponseOutput out = new ResponseOutput(output, chunked, Connection.this::progressed);
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
            return new RequestListener.Answered(at, client.address(), caller.flatMap(Caller::token), method, route,
                    path,
                    status, bytes, Duration.ofNanos(System.nanoTime() - startedNanos), complete);
        }
    }
}
