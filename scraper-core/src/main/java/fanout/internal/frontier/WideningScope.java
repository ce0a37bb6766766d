package fanout.internal.frontier;

import fanout.internal.limit.WatchedPattern;
import fanout.internal.task.CarrierTurn;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import fanout.url.Scope;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A crawl's {@link Scope}, and the hosts that the redirects of its start URLs have added. A scope that names domains is
 * never widened. Thread-safe.
 */
final class WideningScope {

    private final Scope scope;
    /** At most one a start URL. */
    private final Set<Host> added = ConcurrentHashMap.newKeySet();

    WideningScope(Scope scope) {
        this.scope = scope;
    }

    /** Whether links out of scope are asked whether they work. */
    boolean checksExternal() {
        return scope.checkExternal();
    }

    /** Whether the links of a page at this depth lead anywhere. */
    boolean goesBeyond(int depth) {
        return scope.goesBeyond(depth);
    }

    /** Whether a URL is in scope by its host, its extension and its patterns. */
    boolean admits(CanonicalUrl url, CarrierTurn turn) {
        return covers(url.host()) && !scope.skipExtensions().skip(url) && matches(url, turn);
    }

    /** The URL without the parameters that the crawl drops. */
    CanonicalUrl withoutDropped(CanonicalUrl url) {
        return scope.dropParameters().without(url);
    }

    /** Whether a URL is in scope by its patterns alone. */
    boolean matches(CanonicalUrl url, CarrierTurn turn) {
        return scope.matches(url, (text, pattern) -> WatchedPattern.isFoundIn(text, pattern, turn::spend));
    }

    /** Whether a redirect may lead to a host. One of a start URL's chain may lead to any, if that may be added. */
    boolean coversRedirect(Host target, boolean ofStart) {
        return (ofStart && mayWiden()) || covers(target);
    }

    /** Whether a host is in scope, by itself or because a start URL has led there. */
    boolean covers(Host host) {
        return scope.covers(host) || added.contains(host.withOneWebPort());
    }

    /** A start URL's chain has ended at this host. */
    void startEndedAt(Host host) {
        if (mayWiden()) {
            added.add(host.withOneWebPort());
        }
    }

    private boolean mayWiden() {
        return scope.allowedDomains().isEmpty();
    }
}
