package fanout.internal.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;

/**
 * OkHttp's name lookup: the resolver's answer without the addresses that the job does not allow. Thread-safe.
 *
 * <p>OkHttp asks it about names only; addresses in URLs are checked when a socket connects, and so is each of these
 * again.
 */
final class GuardedDns implements Dns {

    private final Resolver resolver;
    private final AddressPolicy policy;

    public GuardedDns(Resolver resolver, AddressPolicy policy) {
        this.resolver = resolver;
        this.policy = policy;
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> all = resolve(host);
        List<InetAddress> allowed = all.stream().filter(policy::allows).toList();
        if (allowed.isEmpty()) {
            throw new AddressRefused(host, all.getFirst());
        }
        return allowed;
    }

    /**
     * Checks a host that a proxy will connect to. A name that cannot be looked up here is the proxy's to know; of
     * several addresses the proxy may take any, so all must be allowed.
     */
    public void checkProxied(String host) throws IOException {
        for (InetAddress address : addressesSeenFromHere(host)) {
            if (!policy.allows(address)) {
                throw new AddressRefused(host, address);
            }
        }
    }

    private List<InetAddress> addressesSeenFromHere(String host) throws IOException {
        // In a canonical URL, nothing but an IPv4 address ends in a digit after its last dot, and nothing but an IPv6
        // address has a colon.
        boolean literal = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || Character.digit(c, 10) >= 0);
        if (literal) {
            return List.of(InetAddress.ofLiteral(host));
        }
        try {
            return resolve(host);
        } catch (UnknownHostException e) {
            if (e.getCause() instanceof InterruptedIOException || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return List.of();
        }
    }

    /**
     * UnknownHostException is all that OkHttp lets a Dns throw: a passed deadline is its cause, an interrupt stays set.
     */
    private List<InetAddress> resolve(String host) throws UnknownHostException {
        try {
            return resolver.resolve(host);
        } catch (InterruptedIOException e) {
            throw unanswered(host, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered(host, e);
        }
    }

    private static UnknownHostException unanswered(String host, Exception cause) {
        UnknownHostException unanswered = new UnknownHostException("no answer for " + host);
        unanswered.initCause(cause);
        return unanswered;
    }
}
