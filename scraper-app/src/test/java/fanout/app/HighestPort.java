package fanout.app;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The highest of all ports, in use. */
final class HighestPort implements AutoCloseable {

    static final String NUMBER = "65535";

    private final ServerSocket socket = new ServerSocket();

    HighestPort() throws IOException {
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(NUMBER)));
        } catch (BindException e) {
            // Then another has it, which is as good.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
