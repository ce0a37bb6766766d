package fanout.okhttp;

import fanout.fetch.Fetch;
import fanout.fetch.FetchRequest;
import fanout.fetch.FetchRequest.Overflow;
import fanout.fetch.Traffic;
import fanout.outcome.Failure;
import fanout.page.ResponseHead;
import fanout.task.Stage;
import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.Call;
import okhttp3.Response;
import okio.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request, sent, and its response, read as far as it is wanted and closed. Confined to the fetching thread. */
final class HttpExchange {

    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);
    private static final byte[] NO_BODY = new byte[0];

    private final Call call;
    private final FetchRequest request;
    private final HttpAttempt attempt;
    private final Requests requests;
    private final Traffic traffic;

    HttpExchange(Call call, FetchRequest request, HttpAttempt attempt, Requests requests, Traffic traffic) {
        this.call = call;
        this.request = request;
        this.attempt = attempt;
        this.requests = requests;
        this.traffic = traffic;
    }

    Fetch run() throws IOException {
        Response response = understood(call::execute);
        ReceivedBody body = new ReceivedBody(response);
        boolean isComplete = false;
        try {
            ReceivedHead head = attempt.progress().head().orElseThrow();
            traffic.opened(body, head.head().status());
            requests.remember(call.request(), head.headers());
            Fetch fetch = read(head.head(), response);
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

    private Fetch read(ResponseHead head, Response response) throws IOException {
        BodyReader reader = new BodyReader(response.body(), attempt);
        if (head.isSuccess() && request.wantsBody().test(head)) {
            attempt.progress().enter(Stage.BODY);
            return readBody(reader, response.body().contentLength());
        }
        reader.discard(!head.isSuccess());
        return response(NO_BODY, false);
    }

    private Fetch readBody(BodyReader reader, long announcedLength) throws IOException {
        String encoding = attempt.progress().head().orElseThrow().contentEncoding();
        boolean failsIfLonger = request.overflow() == Overflow.FAIL;
        long limit = request.maxBodyBytes();
        if (failsIfLonger && encoding.isEmpty() && announcedLength > limit) {
            attempt.giveUp();
            return tooLarge();
        }
        Buffer body = understood(() -> reader.read(encoding, limit));
        traffic.read(body.size());
        if (failsIfLonger && body.size() > limit) {
            return tooLarge();
        }
        return response(body.readByteArray(Math.min(body.size(), limit)), true);
    }

    private Fetch tooLarge() {
        return new Fetch.NoResponse(attempt.ended(), new Failure.BodyTooLarge(request.maxBodyBytes()));
    }

    private Fetch response(byte[] body, boolean isRead) {
        ReceivedHead head = attempt.progress().head().orElseThrow();
        return new Fetch.Response(attempt.ended(), head.head(), head.headers(), head.contentType(), body, isRead);
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
