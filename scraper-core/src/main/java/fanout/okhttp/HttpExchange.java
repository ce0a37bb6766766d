package fanout.okhttp;

import fanout.fetch.Fetch;
import fanout.fetch.Fetch.HeldMemory;
import fanout.fetch.FetchRequest;
import fanout.fetch.FetchRequest.Overflow;
import fanout.fetch.Traffic;
import fanout.limit.BodyRoom;
import fanout.outcome.Failure;
import fanout.task.Stage;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import okhttp3.Call;
import okhttp3.Response;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request, sent, and its response, read as far as it is wanted and closed. Confined to the fetching thread. */
final class HttpExchange {

    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);
    private static final byte[] NO_BODY = new byte[0];

    private final FetchRequest request;
    private final HttpAttempt attempt;
    private final Requests requests;
    private final BodyRoom room;
    private final Traffic traffic;
    private @Nullable BodyMemory held; // by its class, not as HeldMemory: see ADR 0038

    HttpExchange(FetchRequest request, HttpAttempt attempt, Requests requests, BodyRoom room, Traffic traffic) {
        this.request = request;
        this.attempt = attempt;
        this.requests = requests;
        this.room = room;
        this.traffic = traffic;
    }

    /** Executes the call. The memory of a body that does not become a response is given back here. */
    Fetch run(Call call) throws IOException {
        Fetch fetch = null;
        try {
            fetch = exchange(call);
            return fetch;
        } finally {
            if (held != null && !(fetch instanceof Fetch.Response)) {
                held.close();
            }
        }
    }

    private Fetch exchange(Call call) throws IOException {
        Response response = understood(call::execute);
        ReceivedBody body = new ReceivedBody(response);
        boolean isComplete = false;
        try {
            ReceivedHead head = attempt.progress().head().orElseThrow();
            traffic.opened(body, head.head().status());
            requests.remember(call.request(), head.headers());
            Fetch fetch = read(head, response);
            isComplete = true;
            return fetch;
        } finally {
            if (!isComplete) {
                attempt.giveUp();
            }
            response.close();
            traffic.finished(body);
        }
    }

    private Fetch read(ReceivedHead head, Response response) throws IOException {
        BodyReader reader = new BodyReader(response.body(), attempt);
        if (head.head().isSuccess() && request.wantsBody().test(head.head())) {
            attempt.progress().enter(Stage.BODY);
            return readBody(head, reader, ResponseFraming.length(response));
        }
        reader.discard(!head.head().isSuccess());
        return response(head, NO_BODY, false);
    }

    private Fetch readBody(ReceivedHead head, BodyReader reader, long announcedLength) throws IOException {
        boolean failsIfLonger = request.overflow() == Overflow.FAIL;
        long limit = Math.min(request.maxBodyBytes(), BodyMemory.longestBody(room));
        List<String> codings = DecodedBody.codings(head.contentEncoding());
        if (failsIfLonger && codings.isEmpty() && announcedLength > limit) {
            attempt.giveUp();
            return tooLarge(limit);
        }
        BodyMemory memory = new BodyMemory(room, attempt.progress(), attempt.time());
        held = memory;
        Buffer body = understood(() -> reader.read(announcedLength, codings, limit, memory));
        traffic.read(body.size());
        if (failsIfLonger && body.size() > limit) {
            return tooLarge(limit);
        }
        byte[] bytes = body.readByteArray(Math.min(body.size(), limit));
        memory.copied(bytes.length);
        return response(head, bytes, true);
    }

    private Fetch tooLarge(long limit) {
        return new Fetch.NoResponse(attempt.ended(), new Failure.BodyTooLarge(limit, limit < request.maxBodyBytes()));
    }

    private Fetch response(ReceivedHead head, byte[] body, boolean isRead) {
        return new Fetch.Response(attempt.ended(), head.head(), head.headers(), head.contentType(), body, isRead,
                held == null ? HeldMemory.NONE : held);
    }

    /** Something that OkHttp does with what a server sent. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /** What OkHttp throws unchecked is a violation of the protocol that it missed: one strange answer must not end a crawl. */
    private static <T> T understood(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (RuntimeException e) {
            LOG.debug("the HTTP client failed on an answer", e); // a host that does so on purpose must not fill the logs
            ProtocolException violation = new ProtocolException("not readable by the HTTP client: " + e);
            violation.initCause(e);
            throw violation;
        }
    }
}
