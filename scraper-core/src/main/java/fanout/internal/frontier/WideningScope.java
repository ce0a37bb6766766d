package fanout.internal.frontier;

import fanout.internal.limit.WatchedPattern;
import fanout.internal.task.CarrierTurn;
import fanout.job.Keeping;
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
    private final Keeping keeping;
    /** At most one a start URL. */
    private final Set<Host> added = ConcurrentHashMap.newKeySet();

    /** @param keeping links to files are not skipped for their extension */
    WideningScope(Scope scope, Keeping keeping) {
        this.scope = scope;
        this.keeping = keeping;
    }

    /** Whether links out of scope are asked whether they work. */
    boolean checksExternal() {
        return scope.checkExternal();
    }

    /** Whether the links of a page at this depth lead anywhere. */
    boolean goesBeyond(int depth) {
        return scope.goesBeyond(depth);
    }

    /**
     * Whether a URL is in scope by its host, its extension and its patterns.
     *
     * @param picks of its request
     */
    boolean admits(CanonicalUrl url, int picks, CarrierTurn turn) {
        return covers(url.host()) && (!scope.skipExtensions().skip(url) || isOfFile(url, picks, turn))
                && matches(url, turn);
    }

    private boolean isOfFile(CanonicalUrl url, int picks, CarrierTurn turn) {
        return keeping.picks(url, picks, (text, pattern) -> WatchedPattern.isFoundIn(text, pattern, turn::spend));
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
