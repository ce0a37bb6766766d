package fanout.journal;

import fanout.annotation.Internal;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Redirected;
import fanout.page.Request;
import fanout.url.Fingerprint;
import java.util.List;

/** Gets what earlier runs of a crawl have left: first what was counted, then hosts and sitemaps, then URLs. */
@Internal
public interface Replay {

    /** What was counted so far, and how many pages were ok. */
    void counted(Counts counts, long ok);

    /** What is known of a host, the scope or a sitemap; of sitemaps each that was found comes before those that have ended. */
    void changed(Change change);

    /** A URL that is known to the crawl and does not wait: it has its outcome, or is an earlier member of a chain that goes on. */
    void known(Fingerprint print);

    /**
     * A URL without an outcome.
     *
     * @param hops the redirects that led to it, the first one first
     */
    void waiting(Request request, List<Redirected> hops);
}
