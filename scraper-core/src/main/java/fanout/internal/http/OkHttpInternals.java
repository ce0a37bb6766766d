package fanout.internal.http;

import static java.lang.invoke.MethodType.methodType;

import fanout.internal.http.Http2Heads.HeaderBlocks;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Optional;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.OkHttp;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.internal.connection.BufferedSocket;
import okhttp3.internal.connection.RealCall;
import okhttp3.internal.connection.RealConnection;
import okhttp3.internal.http.ExchangeCodec;
import okhttp3.internal.http.RealInterceptorChain;
import okhttp3.internal.http1.Http1ExchangeCodec;
import okhttp3.internal.http2.Header;
import okhttp3.internal.http2.Hpack;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import okio.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the crawler needs of OkHttp beyond its public API. Any version may change it, so this class alone imports
 * OkHttp's internals, and asks for them once. Where they are missing it does what the public API allows, and a warning
 * says what is not checked.
 *
 * <p>Source: ADR 0009. Thread-safe: no state.
 */
abstract sealed class OkHttpInternals {

    /** The version whose internals are known. */
    static final String KNOWN_VERSION = "5.5.1";

    private static final Logger LOG = LoggerFactory.getLogger(OkHttpInternals.class);
    private static final OkHttpInternals PRESENT = look();

    /** Those of the OkHttp on the class path. */
    static OkHttpInternals present() {
        return PRESENT;
    }

    /** Without internals. */
    static OkHttpInternals publicApiOnly() {
        return new PublicApi();
    }

    /** The version of the OkHttp on the class path: read when it runs, as the compiler would copy its own. */
    static String version() {
        try {
            return String.valueOf(OkHttp.class.getField("VERSION").get(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            return "of unknown version (" + e + ")";
        }
    }

    /** Whether a connection that is about to send a request holds bytes already. Always false for HTTP/2. */
    abstract boolean hasUnreadBytes(Interceptor.Chain chain) throws IOException;

    /** What an HTTP/1 connection holds and will receive, below the framing; empty for HTTP/2. */
    abstract Optional<BufferedSource> bytesOf(Interceptor.Chain chain) throws IOException;

    /** Returns a reader of the HPACK of one HTTP/2 connection, from its first block on; empty if none is known. */
    abstract Optional<HeaderBlocks> headerBlocks();

    /** Has a connection take no more requests, and end when those that it carries have ended. */
    abstract void retire(Connection connection);

    /** Has an HTTP/1 connection end with the answer that it is receiving. */
    abstract void endAfterAnswer(Connection connection);

    private static OkHttpInternals look() {
        try {
            return Direct.resolved();
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn(
                    "OkHttp {} does not have the internals of {} ({}). Not checked: bytes that a server sends behind "
                            + "an "
                            + "answer and OkHttp has buffered, which become the answer to the connection's next "
                            + "request; chunks that are longer than their size; HTTP/2 heads that are malformed or "
                            + "have a Location that is not UTF-8; and HTTP/2 requests that are interrupted while "
                            + "they are sent, which OkHttp may send later. Put okhttp-jvm {} on the class path to "
                            + "have them checked.",
                    version(), KNOWN_VERSION, e, KNOWN_VERSION);
            return publicApiOnly();
        }
    }

    private static boolean isHttp1(Connection connection) {
        return connection.protocol() == Protocol.HTTP_1_1 || connection.protocol() == Protocol.HTTP_1_0;
    }

    private static boolean socketHasBytes(Connection connection) throws IOException {
        return connection.socket().getInputStream().available() > 0;
    }

    /** Bytes in the socket are seen, those in OkHttp's buffer are not. */
    private static final class PublicApi extends OkHttpInternals {

        @Override
        boolean hasUnreadBytes(Interceptor.Chain chain) throws IOException {
            Connection connection = chain.connection();
            return connection != null && isHttp1(connection) && socketHasBytes(connection);
        }

        @Override
        Optional<BufferedSource> bytesOf(Interceptor.Chain chain) {
            return Optional.empty();
        }

        @Override
        Optional<HeaderBlocks> headerBlocks() {
            return Optional.empty();
        }

        /** An HTTP/2 connection stays open: to close its socket would end the requests of others. */
        @Override
        void retire(Connection connection) {
            if (isHttp1(connection)) {
                try {
                    connection.socket().close();
                } catch (IOException e) {
                    LOG.debug("closing a socket that is of no use", e); // It is closed all the same.
                }
            }
        }

        /** Does nothing: the next request finds the connection closed, and is sent again over another. */
        @Override
        void endAfterAnswer(Connection connection) {}
    }

    static final class Direct extends OkHttpInternals {

        /** Every method of OkHttp's internals that is called below. */
        static final List<Method> CALLED = List.of(
                new Method(RealCall.class, "getClient", methodType(OkHttpClient.class)),
                new Method(RealConnection.class, "newCodec$okhttp",
                        methodType(ExchangeCodec.class, OkHttpClient.class, RealInterceptorChain.class)),
                new Method(RealConnection.class, "noNewExchanges", methodType(void.class)),
                new Method(Http1ExchangeCodec.class, "getSocket", methodType(BufferedSocket.class)),
                new Method(BufferedSocket.class, "getSource", methodType(BufferedSource.class)),
                new Method(Hpack.Reader.class, "readHeaders", methodType(void.class)),
                new Method(Hpack.Reader.class, "getAndResetHeaderList", methodType(List.class)));

        /** HPACK's, as HTTP/2 begins with it. A crawl announces no other. */
        private static final int TABLE_BYTES = 4_096;

        record Method(Class<?> owner, String name, MethodType type) {}

        static OkHttpInternals resolved() throws ReflectiveOperationException {
            for (Method method : CALLED) {
                MethodHandles.publicLookup().findVirtual(method.owner, method.name, method.type);
            }
            MethodHandles.publicLookup()
                    .findConstructor(Hpack.Reader.class,
                            methodType(void.class, Source.class, int.class));
            MethodHandles.publicLookup().findGetter(Header.class, "name", ByteString.class);
            MethodHandles.publicLookup().findGetter(Header.class, "value", ByteString.class);
            return new Direct();
        }

        @Override
        boolean hasUnreadBytes(Interceptor.Chain chain) throws IOException {
            Optional<BufferedSource> bytes = bytesOf(chain);
            Connection connection = chain.connection();
            return bytes.isPresent()
                    && connection != null
                    && (bytes.get().getBuffer().size() > 0 || socketHasBytes(connection));
        }

        @Override
        Optional<BufferedSource> bytesOf(Interceptor.Chain chain) throws IOException {
            if (chain instanceof RealInterceptorChain real
                    && chain.call() instanceof RealCall call
                    && chain.connection() instanceof RealConnection connection) {
                ExchangeCodec codec = connection.newCodec$okhttp(call.getClient(), real);
                return codec instanceof Http1ExchangeCodec http1
                        ? Optional.of(http1.getSocket().getSource())
                        : Optional.empty();
            }
            return Optional.empty();
        }

        @Override
        Optional<HeaderBlocks> headerBlocks() {
            Buffer bytes = new Buffer();
            Hpack.Reader reader = new Hpack.Reader(bytes, TABLE_BYTES);
            return Optional.of(block -> {
                bytes.writeAll(block);
                reader.readHeaders();
                return reader.getAndResetHeaderList()
                        .stream()
                        .map(header -> new Http2Heads.Field(header.name, header.value))
                        .toList();
            });
        }

        @Override
        void retire(Connection connection) {
            if (connection instanceof RealConnection real) {
                real.noNewExchanges();
            }
        }

        @Override
        void endAfterAnswer(Connection connection) {
            retire(connection);
        }
    }
}
