package fanout.url;

/**
 * The unit of politeness: a host name (or address literal) and a port.
 *
 * @param name lower case, in ASCII (punycode), without a trailing dot; IPv6 literals carry no brackets
 * @param port 1 to 65535, never a placeholder for "the default"
 */
public record Host(String name, int port) {

    public Host {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a host needs a name");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }

    /** The host that scopes mean: ports 80 and 443 are one. */
    public Host withOneWebPort() {
        return port == 443 ? new Host(name, 80) : this;
    }

    /** The name as a URL spells it: IPv6 literals in brackets. */
    String inUrl() {
        return name.indexOf(':') >= 0 ? "[" + name + "]" : name;
    }

    @Override
    public String toString() {
        return inUrl() + ":" + port;
    }
}
