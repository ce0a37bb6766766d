package fanout.synthetic;

import java.net.InetAddress;

/** Host numbers as loopback addresses: 127.0.0.1 to 127.0.0.250, 127.0.1.1 to 127.0.1.250, and so on. */
final class HostAddresses {

    static final int MOST_HOSTS = 250 * 256;

    private HostAddresses() {}

    static String of(int host) {
        return "127.0." + host / 250 + "." + (host % 250 + 1);
    }

    /** The host's number, or -1 if the address is none of ours. */
    static int hostAt(InetAddress address) {
        byte[] bytes = address.getAddress();
        int last = bytes[bytes.length - 1] & 255;
        boolean ours = bytes.length == 4 && bytes[0] == 127 && bytes[1] == 0 && last >= 1 && last <= 250;
        return ours ? (bytes[2] & 255) * 250 + last - 1 : -1;
    }
}
