package fanout.internal.http;

import fanout.internal.fetch.BodyFiles;
import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.fetch.Traffic;
import fanout.internal.limit.BodyRoom;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.page.Attempt;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at one URL: decides how long it may take, what is asked for, how much of the response is read, and what
 * its end means. A redirect is a response like any other. What happens between is the {@link HttpExchange}'s.
 *
 * <p>Confined to the fetching thread, except {@link #cancel}.
 */
final class HttpAttempt {

    private static final Logger LOG = LoggerFactory.getLogger(HttpAttempt.class);
    private static final byte[] NO_BODY = new byte[0];
    private static final String CLOSED_EARLY = "closed before the response was complete";
    private static final int LONGEST = 300;

    /** OkHttp's words for what an HTTP/2 peer did wrong, in the message of a plain IOException. */
    private static final Pattern HTTP2_VIOLATION =
            Pattern.compile("(PROTOCOL|FLOW_CONTROL|FRAME_SIZE|COMPRESSION)_ERROR"
                    + "|HTTP_1_1_REQUIRED|^TYPE_|SETTINGS (preface|frame)|HPACK"
                    + "|^(Header index|header byte count|Invalid dynamic)");

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+");

    /**
     * What the attempts of one crawl share.
     *
     * @param ofProxy checks the hosts that a proxy will connect to; empty without a proxy
     */
    record Means(
            CrawlClients clients,
            Optional<GuardedDns> ofProxy,
            Requests requests,
            BodyRoom room,
            Traffic traffic,
            Ticker ticker) {}

    private final FetchRequest request;
    private final Means means;
    private final AttemptLimits limits;
    private final HttpExchange exchange;
    private final Instant startedAt;
    private final long startedNanos;
    private AttemptLimits.@Nullable BodyMemory held; // by its class, not as HeldMemory: see ADR 0038

    /** An attempt that begins now, under the current deadline. */
    HttpAttempt(FetchRequest request, FetchListener listener, Means means) {
        this.request = request;
        this.means = means;
        this.limits = new AttemptLimits(Deadline.current(), listener);
        this.exchange = new HttpExchange(limits, listener, means.traffic.connections(), means.clients.internals(),
                means.ticker);
        this.startedAt = means.ticker.now();
        this.startedNanos = means.ticker.nanos();
    }

    /** Cancels the call, if it has begun. Called by any thread. */
    void cancel() {
        limits.cancelCall();
    }

    /** How long it may still take; 0 or less once that is over. */
    long remainingNanos() {
        return limits.remainingNanos();
    }

    /** Returns the attempt, ended now. */
    Attempt ended() {
        return new Attempt(startedAt, Duration.ofNanos(means.ticker.nanos() - startedNanos), exchange.latency(),
                exchange.head().map(ReceivedHead::head), exchange.ip(), exchange.requestHasBegun());
    }

    /**
     * Sends the request, and reads what is wanted of the response. An interrupt stays set.
     *
     * @throws LinkageError if the OkHttp on the class path does not fit
     * @throws BodyFiles.NotKeptException if a body cannot be written to its file
     */
    Fetch run() {
        try {
            return GuardedSocket.observedBy(exchange, this::fetch);
        } finally {
            exchange.restoreInterrupt();
        }
    }

    private Fetch fetch() {
        if (limits.hasPassed()) {
            return failed(limits.timedOut());
        }
        Fetch fetch = null;
        try {
            if (means.ofProxy.isPresent()) {
                limits.enter(Stage.DNS);
                means.ofProxy.get().checkProxied(request.url().host().name());
            }
            fetch = send();
        } catch (IOException e) {
            fetch = failed(failure(e));
        } finally {
            limits.end();
            if (held != null && !(fetch instanceof Fetch.Response)) {
                held.close();
            }
        }
        return fetch;
    }

    private Fetch send() throws IOException {
        OkHttpClient client = means.clients.of(request.url());
        Request.Builder toSend = means.requests.request(request);
        Response response = understood(() -> exchange.execute(client, toSend));
        ReceivedBody body = new ReceivedBody(response);
        boolean isComplete = false;
        try {
            ReceivedHead head = exchange.head().orElseThrow();
            means.traffic.opened(body, head.head().status());
            means.requests.remember(response.request(), head.headers(), request);
            Fetch fetch = read(head, response);
            isComplete = true;
            return fetch;
        } finally {
            if (!isComplete) {
                exchange.giveUp();
            }
            response.close();
            means.traffic.finished(body);
        }
    }

    private Fetch read(ReceivedHead head, Response response) throws IOException {
        Optional<BodyFiles.Terms> terms =
                head.head().isSuccess() ? request.files().of(head.head()) : Optional.empty();
        if (terms.isPresent()) {
            return keepBody(head, response, terms.get());
        }
        if (head.head().isSuccess() && request.wantsBody().test(head.head())) {
            limits.enter(Stage.BODY);
            return readBody(head, response);
        }
        exchange.discard(response.body(), !head.head().isSuccess());
        return new Fetch.Response(ended(), head.head(), head.headers(), head.contentType(), NO_BODY, false,
                Fetch.HeldMemory.NONE);
    }

    private Fetch readBody(ReceivedHead head, Response response) throws IOException {
        boolean failsIfLonger = request.overflow() == Overflow.FAIL;
        long limit = Math.min(request.maxBodyBytes(), AttemptLimits.longestBody(means.room));
        Failure tooLarge = new Failure.BodyTooLarge(limit, limit < request.maxBodyBytes());
        List<String> codings = DecodedBody.codings(head.contentEncoding());
        if (failsIfLonger && codings.isEmpty() && ResponseFraming.length(response) > limit) {
            exchange.giveUp();
            return failed(tooLarge);
        }
        AttemptLimits.BodyMemory memory = limits.memory(means.room);
        held = memory;
        Buffer body = understood(() -> exchange.body(response, codings, limit, memory));
        means.traffic.read(body.size());
        if (failsIfLonger && body.size() > limit) {
            return failed(tooLarge);
        }
        byte[] bytes = body.readByteArray(Math.min(body.size(), limit));
        memory.copied(bytes.length);
        return new Fetch.Response(ended(), head.head(), head.headers(), head.contentType(), bytes, true, memory);
    }

    /** The bytes go to the disk as they arrive, and no memory is waited for, unless a decoder needs the whole body. */
    private Fetch keepBody(ReceivedHead head, Response response, BodyFiles.Terms terms) throws IOException {
        limits.allow(terms.timeout(), startedNanos);
        limits.enter(Stage.BODY);
        Failure tooLarge = new Failure.BodyTooLarge(terms.maxBytes(), false);
        List<String> codings = DecodedBody.codings(head.contentEncoding());
        if (codings.isEmpty() && ResponseFraming.length(response) > terms.maxBytes()) {
            exchange.giveUp();
            return failed(tooLarge);
        }
        AttemptLimits.BodyMemory memory = limits.memory(means.room);
        held = memory;
        try (BodyToFile file = BodyToFile.of(terms.files(), means.traffic)) {
            boolean isWhole = understood(() -> exchange.bodyTo(file, response, codings, terms.maxBytes(), memory));
            return isWhole
                    ? new Fetch.Response(ended(), head.head(), head.headers(), head.contentType(), NO_BODY, false,
                            Optional.of(file.keep()), memory)
                    : failed(tooLarge);
        }
    }

    private Fetch failed(Failure failure) {
        return new Fetch.NoResponse(ended(), failure);
    }

    /** Something that OkHttp does with what a server sent. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * What OkHttp throws unchecked is a violation of the protocol that it missed: one strange answer must not end a
     * crawl.
     */
    private static <T> T understood(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (BodyFiles.NotKeptException e) {
            throw e;
        } catch (RuntimeException e) {
            // A host that does so on purpose must not fill the logs.
            LOG.debug("the HTTP client failed on an answer", e);
            ProtocolException violation = new ProtocolException("not readable by the HTTP client: " + e);
            violation.initCause(e);
            throw violation;
        }
    }

    /** Returns which failure an exception of the network is. An interrupt is looked for later, and counts more. */
    private Failure failure(IOException e) {
        Failure failure = meaning(e);
        boolean closed = failure instanceof Failure.Connection lost
                && (lost.detail().equals(CLOSED_EARLY) || lost.detail().contains("Broken pipe"));
        return closed && exchange.isStale() ? new Failure.StaleConnection() : failure;
    }

    private Failure meaning(IOException e) {
        return switch (e) {
            case AddressRefused refused -> new Failure.PrivateAddress(text(refused));
            case AttemptLimits.BodyOverflow overflow -> overflow.failure();
            case InterruptedIOException timeout -> limits.timedOut();
            case IOException any when limits.hasPassed() || any.getCause() instanceof InterruptedIOException ->
                    limits.timedOut();
            case UnknownHostException unknown -> new Failure.Dns(text(unknown));
            case UnknownServiceException noCommonTls -> new Failure.Tls(text(noCommonTls));
            case SSLException tls -> ofTls(tls);
            case ProtocolException protocol when "unexpected end of stream".equals(protocol.getMessage()) ->
                    new Failure.Connection(CLOSED_EARLY);
            case ProtocolException protocol -> new Failure.Protocol(text(protocol));
            case IOException any when any instanceof EOFException || any.getCause() instanceof EOFException ->
                    exchange.headTooLong()
                            ? new Failure.Protocol("response headers longer than OkHttp reads (256 KiB)")
                            : new Failure.Connection(CLOSED_EARLY);
            case IOException any when HTTP2_VIOLATION.matcher(text(any)).find() -> new Failure.Protocol(text(any));
            default -> new Failure.Connection(text(e));
        };
    }

    /** A peer that goes away during the handshake is a lost connection, not a bad certificate. */
    private static Failure ofTls(SSLException e) {
        return e.getCause() instanceof EOFException || e.getCause() instanceof SocketException
                ? new Failure.Connection("closed during TLS: " + text(e))
                : new Failure.Tls(text(e));
    }

    /**
     * The exception's message with its cause's, on one line, without control characters, cut to a readable length.
     */
    private static String text(IOException e) {
        String message = String.valueOf(e.getMessage());
        Throwable cause = e.getCause();
        if (cause != null && cause.getMessage() != null && !message.contains(cause.getMessage())) {
            message = message + ": " + cause.getMessage();
        }
        String plain = CONTROLS.matcher(message).replaceAll(" ").strip();
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
    }

    /** The body of a response of OkHttp's; open until its source is closed. Compared by identity. */
    private static final class ReceivedBody implements Traffic.OpenBody {

        private final Response response;

        ReceivedBody(Response response) {
            this.response = response;
        }

        @Override
        public boolean isOpen() {
            return response.body().source().isOpen();
        }

        @Override
        public String toString() {
            return response.request().url().toString();
        }
    }
}
