package fanout.app.service.access;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The names by which the service may be addressed. A page of another site can make a browser send requests to any
 * address by a name of its own (DNS rebinding); by the name they are told. Immutable.
 */
public final class ServiceHostNames {

    private final Set<String> allowed = new HashSet<>();

    /**
     * Names, in addition to those of the loopback address.
     *
     * @param listening the address that the service listens on; it may be addressed by it, unless it stands for any
     */
    public ServiceHostNames(Collection<String> names, InetAddress listening) {
        names.forEach(name -> allowed.add(canonical(name.toLowerCase(Locale.ROOT))));
        if (!listening.isAnyLocalAddress()) {
            allowed.add(canonical(listening.getHostAddress()));
        }
    }

    /** Whether a Host header names the service; its port does not matter. */
    boolean allows(String header) {
        return name(header).filter(name -> allowed.contains(canonical(name)) || isLoopback(name)).isPresent();
    }

    private static Optional<String> name(String header) {
        String host = header.strip().toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? Optional.empty() : Optional.of(host.substring(1, end));
        }
        int colon = host.indexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        return Optional.of(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }

    /** An address of IPv6 can be written in several ways. */
    private static String canonical(String name) {
        try {
            return InetAddress.ofLiteral(name).getHostAddress();
        } catch (IllegalArgumentException e) {
            return name; // no address; nothing is looked up
        }
    }

    private static boolean isLoopback(String name) {
        if (name.equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(name).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false; // a name; nothing is looked up
        }
    }
}
