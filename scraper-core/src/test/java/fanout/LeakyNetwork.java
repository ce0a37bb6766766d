package fanout;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * Keeps something of one response, until it is told to let go: the connection of the first that has a body, or the body of
 * the first that is an error, which nobody reads and so nobody but its owner closes.
 */
final class LeakyNetwork implements Interceptor {

    enum Keeps {
        /** The response is hidden, and another one without a body handed on: its connection stays in use. */
        THE_CONNECTION,
        /** The body comes to its end, so that the connection is free again, but its close does nothing. */
        THE_BODY
    }

    private final Keeps keeps;
    private final AtomicBoolean once = new AtomicBoolean();
    private final Queue<Runnable> kept = new ConcurrentLinkedQueue<>();

    LeakyNetwork(Keeps keeps) {
        this.keeps = keeps;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        boolean fits = response.isSuccessful() == (keeps == Keeps.THE_CONNECTION);
        if (!fits || !once.compareAndSet(false, true)) {
            return response;
        }
        return switch (keeps) {
            case THE_CONNECTION -> {
                kept.add(response::close);
                BufferedSource empty = Okio.buffer((Source) new Buffer());
                yield response.newBuilder().body(ResponseBody.create(empty, null, 0)).build();
            }
            case THE_BODY -> {
                Unclosable body = new Unclosable(response.body());
                kept.add(body::reallyClose);
                yield response.newBuilder().body(body).build();
            }
        };
    }

    void letGo() {
        kept.forEach(Runnable::run);
    }

    private static final class Unclosable extends ResponseBody {

        private final ResponseBody body;
        private final BufferedSource source;

        Unclosable(ResponseBody body) {
            this.body = body;
            this.source = Okio.buffer(new ForwardingSource(body.source()) {
                @Override
                public void close() {}
            });
        }

        @Override
        public MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() {
            return body.contentLength();
        }

        @Override
        public BufferedSource source() {
            return source;
        }

        @Override
        public void close() {}

        void reallyClose() {
            super.close();
            body.close();
        }
    }
}
