package fanout.internal.http;

import fanout.url.AddressName;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The job's address policy does not allow a connection. An UnknownHostException, because a lookup may throw only that.
 */
final class AddressRefused extends UnknownHostException {

    private static final long serialVersionUID = 1L;

    public AddressRefused(String host, InetAddress address) {
        super(host.equals(AddressName.of(address))
                ? host + " is not an address that the job allows"
                : host + " has the address " + AddressName.of(address) + ", which the job does not allow");
    }
}
