package fanout.hostile;

import java.io.IOException;

/**
 * The hostile web as a process of its own, to look at: {@code ServeHostileWeb [PORT]}. Serves until standard input
 * ends.
 */
public final class ServeHostileWeb {

    private static final int PORT = 8099;

    private ServeHostileWeb() {}

    public static void main(String[] arguments) throws IOException {
        try (HostileWeb web = HostileWeb.start(arguments.length == 0 ? PORT : Integer.parseInt(arguments[0]))) {
            System.out.println(web.url());
            while (System.in.read() >= 0) {
                // Only the end of the input means something.
            }
        }
    }
}
