package fanout.okhttp;

import fanout.fetch.ActiveConnections;
import fanout.socket.SocketObserver;
import fanout.url.AddressName;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The connection that an attempt uses: one from the pool, or one that is made for it. Confined to the fetching thread, but for
 * {@link #cancelled}.
 */
final class UsedConnection {

    private final ActiveConnections active;
    private final OkHttpInternals internals;
    private final Connecting connecting = new Connecting();
    private boolean isNew;
    private @Nullable Connection connection;

    /** No connection yet. */
    UsedConnection(ActiveConnections active, OkHttpInternals internals) {
        this.active = active;
        this.internals = internals;
    }

    /** The pool had none: one is made. */
    void isMade() {
        isNew = true;
    }

    void connects(SocketObserver.Connecting socket, @Nullable Call call) throws IOException {
        connecting.begins(socket, call);
    }

    /** The connection is made, and its protocol agreed on. */
    void agreesOn(@Nullable Protocol protocol) {
        connecting.agrees(isHttp1(protocol));
    }

    void acquired(Call call, Connection acquired) {
        connecting.ends();
        active.acquired(call, () -> acquired + " for " + call.request().url());
        connection = acquired;
    }

    void released(Call call) {
        active.released(call);
    }

    /** The call is cancelled, by any thread. */
    void cancelled() {
        connecting.cancelled();
    }

    /** Whether it comes from the pool. */
    boolean isReused() {
        return !isNew;
    }

    /** Whether others use it at the same time: HTTP/2. */
    boolean isShared() {
        return connection != null && !isHttp1(connection.protocol());
    }

    Optional<String> ip() {
        InetAddress address = connection == null ? null : connection.route().socketAddress().getAddress();
        return Optional.ofNullable(address).map(AddressName::of);
    }

    /** It takes no more requests. */
    void retire() {
        if (connection != null) {
            internals.retire(connection);
        }
    }

    private static boolean isHttp1(@Nullable Protocol protocol) {
        return protocol == Protocol.HTTP_1_1 || protocol == Protocol.HTTP_1_0;
    }
}
