package fanout.journal;

import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.HostMemory;
import fanout.outcome.Redirected;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import fanout.url.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a journal says, except the URLs that wait: those are read in a second pass, when it is known which have their
 * outcome, since they are what may be too much to keep twice. Confined to one thread.
 */
final class Survey implements Records {

    private @Nullable Head head;
    private int runs;
    private Duration earlier = Duration.ZERO;
    private Duration elapsed = Duration.ZERO;
    private @Nullable Commit last;
    private final Sums sums = new Sums();
    private long okPages;
    private boolean isCompacting;
    private boolean isCommitted = true;
    private long compactedAt;
    private FingerprintSet settled = new FingerprintSet();
    private final Map<Host, HostMemory> hosts = new LinkedHashMap<>();
    private final Set<Host> widened = new LinkedHashSet<>();
    private final Map<CanonicalUrl, Change.SitemapEnded> endedSitemaps = new LinkedHashMap<>();
    private final Set<CanonicalUrl> sitemaps = new LinkedHashSet<>();
    /** The redirects of chains that have not ended, by the URL that each has reached. */
    private final Map<Fingerprint, List<Redirected>> chains = new LinkedHashMap<>();

    @Override
    public void head(Head found) throws DamageException {
        if (head != null && !head.seed().equals(found.seed())) {
            throw new DamageException("it has the heads of two crawls");
        }
        isCommitted = false;
        head = found;
    }

    @Override
    public void run() {
        isCommitted = false;
        runs++;
        earlier = earlier.plus(elapsed);
        elapsed = Duration.ZERO;
    }

    @Override
    public void admitted(AdmittedUrl url) {
        isCommitted = false;
    }

    @Override
    public void settled(Fingerprint print, Result result) throws DamageException {
        if (!settled.add(print)) {
            throw new DamageException("a URL has two outcomes");
        }
        chains.remove(print);
        sums.add(result);
    }

    @Override
    public void okPages(Host host, Optional<String> label, long pages) throws DamageException {
        if (pages < 1) {
            throw new DamageException("no pages of " + host);
        }
        okPages += pages;
    }

    @Override
    public void known(Fingerprint print) {
        isCommitted = false;
        settled.add(print);
    }

    @Override
    public void sums(Sums before) {
        sums.add(before);
        isCompacting = true;
    }

    /** A compacted journal ends, as it was then, with the group that has the sums. */
    @Override
    public void end(long at) {
        compactedAt = isCompacting ? at : compactedAt;
        isCompacting = false;
    }

    @Override
    public void changed(Change change) throws DamageException {
        switch (change) {
            case Change.Followed followed -> followed(followed.redirected());
            case Change.SitemapFound found -> sitemaps.add(found.url());
            case Change.SitemapEnded ended -> endedSitemaps.put(ended.url(), ended);
            case Change.Widened host -> widened.add(host.host());
            case Change.HostChanged changed -> hosts.put(changed.memory().host(), changed.memory());
        }
    }

    private void followed(Redirected redirected) throws DamageException {
        List<Redirected> hops = chains.remove(printOf(redirected.request()));
        hops = hops == null ? new ArrayList<>() : hops;
        hops.add(redirected);
        chains.put(printOf(redirected.next()), hops);
    }

    private Fingerprint printOf(Request request) throws DamageException {
        if (head == null) {
            throw new DamageException("it does not begin with the crawl's name");
        }
        return Fingerprint.of(request.key(), head.seed());
    }

    @Override
    public void commit(Commit commit) {
        last = commit;
        elapsed = commit.elapsed();
        isCommitted = true;
    }

    /**
     * Whether what was read ends with a commit. A journal that was compacted does not if its last group is lost: that
     * was on the disk before the journal took the place of the one before, so that no crash has damaged it.
     */
    boolean isCommitted() {
        return isCommitted;
    }

    Head head() {
        return Objects.requireNonNull(head, "an empty journal");
    }

    /** Runs so far. */
    int runs() {
        return runs;
    }

    /** How long the runs before the last one took. */
    Duration earlier() {
        return earlier;
    }

    /** How long the last run took. */
    Duration ofLastRun() {
        return elapsed;
    }

    /** How long the journal was when it was compacted; 0 if it never was. */
    long compactedAt() {
        return compactedAt;
    }

    Position position() {
        return last == null ? Position.NONE : last.position();
    }

    Counts counts() {
        return last == null ? Counts.NONE : last.counts();
    }

    Sums sums() {
        return sums;
    }

    /**
     * Whether it is known of which hosts and labels the pages are that were ok. Journals that an earlier version of the
     * program has written do not say it.
     */
    boolean knowsParts() {
        return okPages == sums.ok();
    }

    boolean isSettled(Fingerprint print) {
        return settled.contains(print);
    }

    /** The redirects that led to a URL of which the outcome is still to come; empty if there were none. */
    List<Redirected> hopsTo(Fingerprint print) {
        return chains.getOrDefault(print, List.of());
    }

    /**
     * The URLs that do not wait: those that have their outcome, and those of unended chains that are not the ones
     * reached. The set is the caller's: a crawl lasts long, and has one of its own.
     */
    FingerprintSet giveKnown() throws DamageException {
        FingerprintSet known = settled;
        settled = new FingerprintSet();
        for (List<Redirected> hops : chains.values()) {
            for (Redirected hop : hops) {
                Fingerprint print = printOf(hop.request());
                // The URL that a chain has reached waits, even if the chain has been there before.
                if (!chains.containsKey(print)) {
                    known.add(print);
                }
            }
        }
        return known;
    }

    /** Redirects of unended chains, each chain in its order. */
    List<Redirected> hops() {
        return chains.values().stream().flatMap(List::stream).toList();
    }

    /**
     * What is to be known in addition to URLs; sitemaps that have ended come before those that were found, and are not
     * read again.
     */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        widened.forEach(host -> changes.add(new Change.Widened(host)));
        hosts.values().forEach(memory -> changes.add(new Change.HostChanged(memory)));
        changes.addAll(endedSitemaps.values());
        sitemaps.forEach(url -> changes.add(new Change.SitemapFound(url)));
        return changes;
    }
}
