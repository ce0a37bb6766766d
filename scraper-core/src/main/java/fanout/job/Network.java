package fanout.job;

import java.util.List;

/**
 * The addresses that a crawl may connect to. Immutable.
 *
 * @param allowPrivateAddresses whether loopback, private and other non-global addresses are; metadata services never are
 * @param allowedCidrs exact exceptions, metadata services included
 */
public record Network(boolean allowPrivateAddresses, List<Cidr> allowedCidrs) {

    public static final Network DEFAULT = new Network(false, List.of());

    public Network {
        allowedCidrs = List.copyOf(allowedCidrs);
    }
}
