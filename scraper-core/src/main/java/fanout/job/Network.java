package fanout.job;

import java.util.List;

/**
 * The addresses that a crawl may connect to. Immutable.
 *
 * @param allowPrivateAddresses whether loopback, private and other non-global addresses are; those of metadata services
 *     and 169.254.0.0/16 never are
 * @param allowedCidrs exact exceptions; metadata services are opened only by a block that has no other addresses
 */
public record Network(boolean allowPrivateAddresses, List<Cidr> allowedCidrs) {

    public static final Network DEFAULT = new Network(false, List.of());

    public Network {
        allowedCidrs = List.copyOf(allowedCidrs);
    }
}
