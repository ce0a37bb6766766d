package fanout.internal.http;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * What stands between a connection and its HTTP client, above TLS where there is TLS. One for each connection, with its
 * state. Without methods of its own it passes on everything as it is.
 *
 * <p>As thread-safe as the streams of a socket: one thread reads and one writes at a time.
 */
interface ConnectionFilter {

    /** Returns what the client receives. Called once. */
    default InputStream received(InputStream in) {
        return in;
    }

    /** Returns where the client sends. Called once. */
    default OutputStream sent(OutputStream out) {
        return out;
    }

    /** Passes on everything as it is from now on, because TLS begins. */
    default void end() {}
}
