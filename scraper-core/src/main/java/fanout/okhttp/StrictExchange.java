package fanout.okhttp;

import fanout.task.Stage;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * The innermost interceptor, which takes three decisions out of OkHttp's hands (seen in 5.5.1). Thread-safe.
 *
 * <p>OkHttp acts on some statuses by itself: it repeats a 503 with {@code Retry-After: 0} at once, and fails on a 407. Above
 * this interceptor they are all 500; the {@link AttemptProgress} knows the real one.
 *
 * <p>When a request could not be sent whole (reset by the server, or cancelled) but an answer came all the same, OkHttp
 * delivers the answer, never marks the request as done, and so keeps the connection for ever. The answer is dropped here:
 * after an exception OkHttp releases everything. What {@link ResponseFraming} refuses ends the same way.
 *
 * <p>OkHttp takes bytes that a connection holds before a request is sent for the answer to it. Here they make the connection
 * as useless as if the server had closed it.
 */
final class StrictExchange implements Interceptor {

    private final OkHttpInternals internals;

    StrictExchange(OkHttpInternals internals) {
        this.internals = internals;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Optional<AttemptProgress> progress = AttemptProgress.of(chain.request());
        Connection connection = chain.connection();
        if (connection != null
                && progress.filter(each -> each.connection().isReused()).isPresent()
                && internals.hasUnreadBytes(chain)) {
            internals.retire(connection);
            progress.get().enter(Stage.HEADERS); // where a connection that its server has closed fails
            throw new EOFException("bytes that no request asked for");
        }
        Response response = chain.proceed(chain.request());
        Optional<IOException> unsent = progress.flatMap(AttemptProgress::requestFailure);
        if (unsent.isPresent()) {
            chain.call().cancel();
            response.close();
            throw unsent.get();
        }
        ResponseFraming.check(response);
        Response checked = response.header("Transfer-Encoding") == null
                ? response
                : internals.bytesOf(chain).map(bytes -> WholeChunks.of(response, bytes)).orElse(response);
        return switch (checked.code()) {
            case 401, 407, 408, 421, 503 -> checked.newBuilder().code(500).build();
            default -> checked;
        };
    }
}
