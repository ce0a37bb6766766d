package fanout.okhttp;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.internal.connection.RealCall;
import okhttp3.internal.connection.RealConnection;
import okhttp3.internal.http.ExchangeCodec;
import okhttp3.internal.http.RealInterceptorChain;
import okhttp3.internal.http1.Http1ExchangeCodec;

/**
 * Where a response begins and ends, in what OkHttp 5.5.1 takes lightly. A body of two lengths is no body, and what came before
 * a request is no answer to it. (Beside chunks a length does not count, as the RFC says.)
 *
 * <p>Source: RFC 9112, sections 6.3 (length), 9.2 (answers that nobody asked for), and RFC 9110, section 15.
 */
final class ResponseFraming {

    private ResponseFraming() {}

    /**
     * Fails, as if the server had closed it, if a connection from the pool holds bytes already: they would be read as the
     * answer to the request that is about to be sent.
     */
    static void checkUnasked(Interceptor.Chain chain, HttpAttempt attempt) throws IOException {
        if (attempt.reuses()
                && chain instanceof RealInterceptorChain real
                && chain.call() instanceof RealCall call
                && chain.connection() instanceof RealConnection connection) {
            ExchangeCodec codec = connection.newCodec$okhttp(call.getClient(), real);
            if (codec instanceof Http1ExchangeCodec http1 && hasUnread(http1, connection)) {
                connection.noNewExchanges();
                attempt.foundUseless();
                throw new EOFException("bytes that nobody asked for");
            }
        }
    }

    /** Whether bytes lie in OkHttp's buffer, or in the socket, which nobody has looked into if it was idle for moments only. */
    private static boolean hasUnread(Http1ExchangeCodec http1, RealConnection connection) throws IOException {
        return http1.getSocket().getSource().getBuffer().size() > 0
                || connection.socket().getInputStream().available() > 0;
    }

    /** Fails on a status or a length that means nothing, or several things. */
    static void check(Response response) throws ProtocolException {
        if (response.code() < 200) {
            // OkHttp passes over 100 and 102 to 199; what is left has switched to another protocol, or is no status.
            throw new ProtocolException("status " + response.code() + " ends no exchange");
        }
        List<String> coding = response.headers("Transfer-Encoding");
        if (!coding.stream().allMatch(name -> name.equalsIgnoreCase("chunked") || name.equalsIgnoreCase("identity"))) {
            throw new ProtocolException("Transfer-Encoding that was not asked for: " + String.join(", ", coding));
        }
        List<String> lengths = response.headers("Content-Length")
                .stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(String::strip)
                .distinct()
                .toList();
        boolean isNumber = lengths.stream()
                .allMatch(length -> !length.isEmpty()
                        && length.chars().allMatch(c -> c >= '0' && c <= '9'));
        if (lengths.size() > 1 || !isNumber) {
            throw new ProtocolException("not a Content-Length: " + String.join(", ", lengths));
        }
    }
}
