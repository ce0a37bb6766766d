package fanout.journal;

import fanout.internal.annotation.Internal;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Redirected;
import fanout.page.ContentDigest;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import fanout.url.Host;
import java.util.List;
import java.util.Optional;

/**
 * Gets what earlier runs of a crawl have left: first what was counted, then hosts and sitemaps, then how many pages
 * were ok, then URLs and the pages that were the first with their content.
 */
@Internal
public interface Replay {

    /** What was counted so far, and how many pages were ok. */
    void counted(Counts counts, long ok);

    /** What is known of a host, the scope or a sitemap; sitemaps that have ended come before all that were found. */
    void changed(Change change);

    /**
     * So many pages of a host were ok, in addition to those of other calls; of a job whose parts have limits alone.
     *
     * @param label of these pages
     */
    default void okPages(Host host, Optional<String> label, long pages) {}

    /**
     * The URLs that are known to the crawl and do not wait: they have their outcome, or are earlier members of a chain
     * that resumes. Called once, before any that waits.
     *
     * @param prints the receiver's, which adds to it; until the replay has ended its giver reads it, in the same thread
     */
    void known(FingerprintSet prints);

    /**
     * A page that was ok, the first of the crawl with its content. Journals that an earlier version of the program has
     * written do not say it.
     */
    void firstPage(ContentDigest digest, CanonicalUrl url);

    /**
     * URLs without an outcome.
     *
     * @param some valid during the call
     */
    void waiting(List<Waiting> some);

    /**
     * A URL without an outcome.
     *
     * @param print of the URL, by the seed of the journal
     * @param hops the redirects that led to it, the first one first
     */
    record Waiting(Request request, Fingerprint print, List<Redirected> hops) {}
}
