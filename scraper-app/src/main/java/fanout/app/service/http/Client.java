package fanout.app.service.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a connection comes from: the client, or a proxy in front of the service. Immutable.
 *
 * @param address as text
 * @param network whose members are counted together: an address of IPv4, or the 64 bits of IPv6 that one subscriber is
 *     given
 */
public record Client(String address, String network) {

    static Client of(InetAddress address) {
        return new Client(address.getHostAddress(), address instanceof Inet6Address
                ? HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(address.getAddress(), 8)) + "/64"
                : address.getHostAddress());
    }
}
