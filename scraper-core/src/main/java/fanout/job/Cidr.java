package fanout.job;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A block of addresses, as {@code 10.0.0.0/8} or {@code fd00::/8}; a bare address is a block of one.
 *
 * @param network the block's first address, 4 or 16 bytes; bits beyond the prefix are zero
 */
public record Cidr(byte[] network, int prefixLength) {

    public Cidr {
        Require.check(network.length == 4 || network.length == 16, "network.allowedCidrs", "needs 4 or 16 bytes");
        Require.between(prefixLength, 0, network.length * 8L, "network.allowedCidrs prefix length");
        network = network.clone();
        for (int bit = prefixLength; bit < network.length * 8; bit++) {
            Require.check((network[bit / 8] & 0x80 >> bit % 8) == 0, "network.allowedCidrs",
                    "has bits beyond its prefix of " + prefixLength);
        }
    }

    /**
     * Reads the usual notation. Names are refused: nothing is looked up.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        try {
            byte[] address = InetAddress.ofLiteral(literal).getAddress();
            boolean dotted = address.length == 16 || literal.chars().filter(c -> c == '.').count() == 3;
            Require.check(dotted, "network.allowedCidrs", "needs four numbers, as in 10.0.0.0/8: " + text);
            return new Cidr(address, slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("network.allowedCidrs prefix length is not a number: " + text, e);
        }
    }

    /** Whether the block holds the address. An IPv4-mapped IPv6 address is the IPv4 address that it maps. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        int whole = prefixLength / 8;
        int rest = prefixLength % 8;
        return Arrays.equals(bytes, 0, whole, network, 0, whole)
                && (rest == 0 || (bytes[whole] & 0xFF) >> (8 - rest) == (network[whole] & 0xFF) >> (8 - rest));
    }

    @Override
    public byte[] network() {
        return network.clone();
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Cidr that && prefixLength == that.prefixLength && Arrays.equals(network, that.network);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(network) * 31 + prefixLength;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(network) + "/" + prefixLength;
    }
}
