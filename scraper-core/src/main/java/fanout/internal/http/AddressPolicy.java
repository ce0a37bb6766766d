package fanout.internal.http;

import fanout.job.Cidr;
import fanout.job.Network;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses a crawl may connect to: by default only globally routable unicast, so that a page cannot send the
 * crawler into the network it runs in.
 *
 * <p>The job's {@code allowedCidrs} open exactly the addresses they list. Cloud metadata services, which hand out
 * credentials, and all link-local addresses of IPv4, at which they answer, are opened by nothing else, and only by a
 * block that has no other addresses: {@code 0.0.0.0/0} does not open them. {@code allowPrivateAddresses} opens every
 * other address. An IPv6 address that carries an IPv4 address (NAT64, 6to4 and the like) reaches that one, so both must
 * be allowed.
 *
 * <p>Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190), RFC 6052 (NAT64), RFC 3056
 * (6to4), RFC 4380 (Teredo), and the providers' pages on their metadata services. Immutable.
 */
public final class AddressPolicy {

    private static final List<Cidr> NOT_GLOBAL_IPV4 = cidrs("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
            "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    /**
     * All of IPv6 that is global unicast, and the well-known NAT64 prefix: everything else is special, or not allotted.
     */
    private static final List<Cidr> GLOBAL_IPV6 = cidrs("2000::/3", "64:ff9b::/96");

    /** Within it: protocol assignments (Teredo, ORCHID, benchmarking), documentation. */
    private static final List<Cidr> NOT_GLOBAL_IPV6 = cidrs("2001::/23", "2001:db8::/32", "3fff::/20");

    private static final List<Cidr> METADATA = cidrs("169.254.0.0/16", "100.100.100.200", "168.63.129.16",
            "192.0.0.192", "fd00:ec2::254", "fd00:ec2::253", "fd00:ec2::23", "fd20:ce::254", "fe80::a9fe:a9fe");

    private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
    private static final Cidr TEREDO = Cidr.parse("2001::/32");
    private static final Cidr LOCAL_NAT64 = Cidr.parse("64:ff9b:1::/48");
    /**
     * IPv4-compatible (deprecated), IPv4-translated (RFC 2765), and NAT64 addresses, all ending in the IPv4 address.
     */
    private static final List<Cidr> IPV4_AT_END = cidrs("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48");

    private final List<Network> networks;

    public AddressPolicy(Network network) {
        this(List.of(network));
    }

    /** Allows what each of these allows. */
    public AddressPolicy(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /** Whether a connection to this address may be opened. */
    public boolean allows(InetAddress address) {
        return networks.stream().allMatch(network -> allows(network, address));
    }

    private static boolean allows(Network network, InetAddress address) {
        List<InetAddress> reached = Stream.concat(Stream.of(address), embedded(address.getAddress()).stream()).toList();
        List<Cidr> listing = network.allowedCidrs().stream().filter(block -> block.contains(address)).toList();
        if (reached.stream().anyMatch(each -> holds(METADATA, each))) {
            return listing.stream().anyMatch(AddressPolicy::isOfMetadataAlone);
        }
        return !listing.isEmpty() || network.allowPrivateAddresses()
                || reached.stream().allMatch(AddressPolicy::isGlobal);
    }

    /** Whether a block names metadata services, and does not merely contain them. */
    private static boolean isOfMetadataAlone(Cidr block) {
        return block.prefixLength() == block.network().length * 8
                || METADATA.stream()
                        .anyMatch(theirs -> theirs.prefixLength() <= block.prefixLength()
                                && theirs.contains(address(block.network())));
    }

    private static boolean isGlobal(InetAddress address) {
        return address.getAddress().length == 4
                ? !holds(NOT_GLOBAL_IPV4, address)
                : holds(GLOBAL_IPV6, address) && !holds(NOT_GLOBAL_IPV6, address);
    }

    /** The IPv4 addresses that an IPv6 address may stand for. (Java itself turns IPv4-mapped ones into IPv4.) */
    private static List<InetAddress> embedded(byte[] bytes) {
        List<InetAddress> found = new ArrayList<>();
        if (bytes.length == 16) {
            InetAddress address = address(bytes);
            if (holds(IPV4_AT_END, address)) {
                found.add(address(Arrays.copyOfRange(bytes, 12, 16)));
            }
            if (LOCAL_NAT64.contains(address)) {
                found.add(address(new byte[]{bytes[6], bytes[7], bytes[9], bytes[10]}));
            }
            if (SIX_TO_FOUR.contains(address)) {
                found.add(address(Arrays.copyOfRange(bytes, 2, 6)));
            }
            if (TEREDO.contains(address)) {
                found.add(address(new byte[]{(byte) ~bytes[12], (byte) ~bytes[13], (byte) ~bytes[14],
                    (byte) ~bytes[15]}));
            }
        }
        return found;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }

    private static boolean holds(List<Cidr> blocks, InetAddress address) {
        for (Cidr block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<Cidr> cidrs(String... blocks) {
        return Stream.of(blocks).map(Cidr::parse).toList();
    }
}
