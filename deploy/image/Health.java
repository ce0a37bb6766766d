import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A container's health check: {@code Health PORT} ends with 0 if the service in the same container is ready, otherwise
 * with 1 and a line that says why. The image has no other program that could ask.
 */
final class Health {

    private static final int PATIENCE_MILLIS = 3_000;

    private Health() {}

    public static void main(String[] arguments) {
        InetSocketAddress service =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(service, PATIENCE_MILLIS);
            socket.getOutputStream().write("GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            String status = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            if (status != null && status.matches("HTTP/1\\.[01] 200( .*)?")) {
                return;
            }
            System.out.println("not ready: " + status);
        } catch (IOException e) {
            System.out.println("not ready: " + e.getMessage());
        }
        System.exit(1);
    }
}
