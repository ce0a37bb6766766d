package fanout.socket;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * What stands between a connection and its HTTP client, above TLS where there is TLS. One for each connection, with its state.
 *
 * <p>As thread-safe as the streams of a socket: one thread reads and one writes at a time.
 */
public interface ConnectionFilter {

    /** Passes everything on as it is. */
    ConnectionFilter NONE = new ConnectionFilter() {
        @Override
        public InputStream received(InputStream in) {
            return in;
        }

        @Override
        public OutputStream sent(OutputStream out) {
            return out;
        }
    };

    /** Returns what the client receives. Called once. */
    InputStream received(InputStream in);

    /** Returns where the client sends. Called once. */
    OutputStream sent(OutputStream out);
}
