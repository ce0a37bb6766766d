package fanout.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where names are looked up. May block for as long as it likes; thread-safe. */
@FunctionalInterface
public interface NameService {

    /**
     * The addresses of a host name, in order of preference; at least one.
     *
     * @throws UnknownHostException if there are none, or the service failed
     */
    InetAddress[] lookup(String host) throws UnknownHostException;
}
