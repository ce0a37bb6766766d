package fanout.url;

import java.net.Inet6Address;
import java.net.InetAddress;

/** How URLs name an address: {@code ::1}, where the JDK says {@code 0:0:0:0:0:0:0:1}. */
public final class AddressName {

    private AddressName() {}

    /** The name, as {@link Host} has it: without brackets, and without a zone. */
    public static String of(InetAddress address) {
        String literal = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return literal;
        }
        int zone = literal.indexOf('%');
        return CanonicalUrl.of("http://[" + (zone < 0 ? literal : literal.substring(0, zone)) + "]/").host().name();
    }
}
