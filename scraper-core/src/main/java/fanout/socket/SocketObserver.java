package fanout.socket;

import java.io.IOException;

/**
 * What a request learns from the sockets that its thread uses. Called on that thread, in the middle of the operation; an
 * exception fails the operation.
 */
public interface SocketObserver {

    /** An allowed address is about to be connected to. The observer may close the socket from any thread. */
    void connects(ConnectingSocket socket) throws IOException;

    /** The operating system took bytes. */
    void wrote();

    /**
     * The operating system gave bytes.
     *
     * @param count how many, or -1 at the end of the stream
     */
    void read(int count) throws IOException;
}
