package fanout.internal.http;

import java.io.Closeable;
import java.io.IOException;

/**
 * What a request learns from the sockets that its thread uses. Called on that thread, in the middle of the operation;
 * an exception fails the operation.
 */
interface SocketObserver {

    /** A socket that is about to connect. Thread-safe. */
    interface Connecting extends Closeable {

        /**
         * The connection carries one request at a time. From now on the socket looks, when it is asked whether it is
         * closed after an idle time, whether its peer has closed it. With HTTP/2 it must not: a thread of the HTTP
         * client reads all the time, and would miss the byte that the look takes.
         */
        void carriesOneRequestAtATime();
    }

    /** An allowed address is about to be connected to. The observer may close the socket from any thread. */
    void connects(Connecting socket) throws IOException;

    /** The operating system took bytes. */
    void wrote();

    /**
     * The operating system gave bytes.
     *
     * @param count how many, or -1 at the end of the stream
     */
    void read(int count) throws IOException;
}
