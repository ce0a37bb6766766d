package fanout.internal.frontier;

import fanout.internal.frontier.Screened.Candidate;
import fanout.job.CrawlJob;
import fanout.outcome.Counts;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import fanout.url.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Which URLs a crawl admits: scope and length first, which is {@link Screening}, then "is it new", then "is there
 * room". Guarded by the frontier's lock.
 */
final class Admission {

    private final long maxUrls;
    private final BooleanSupplier hasRoom;
    private final int maxUrlLength;
    private final WideningScope scope;
    private final Screening screening;
    private FingerprintSet seen = new FingerprintSet();
    private long discovered;
    private long duplicates;
    private long outOfScope;
    private long dropped;

    /** What became of a URL that was offered. */
    enum Admitted {
        /** It is new and belongs to the crawl from now on. */
        NEW,
        /** The crawl knows it. */
        KNOWN,
        /** The crawl has {@code maxUrls} URLs: it is counted as dropped. */
        NO_ROOM
    }

    /**
     * Nothing was admitted yet.
     *
     * @param hasRoom whether the memory has room for another URL that waits
     * @param seed of the fingerprints by which URLs are known
     */
    Admission(CrawlJob job, BooleanSupplier hasRoom, Fingerprint.Seed seed) {
        this.hasRoom = hasRoom;
        this.maxUrls = job.limits().maxUrls();
        this.maxUrlLength = job.limits().maxUrlLength();
        this.scope = new WideningScope(
                job.scope().forTypes(job.parsing().contentTypes()).forTypes(job.keeping().contentTypes()),
                job.keeping());
        this.duplicates = job.start().repeated();
        this.screening = new Screening(scope, maxUrlLength, seed, job.limits().requestTimeout());
    }

    /** What may be asked of URLs without the frontier's lock. */
    Screening screening() {
        return screening;
    }

    /**
     * Counts what was screened, and gives what is new to {@code admitted}. Known URLs are sorted out first, in a loop
     * that does nothing else: the places of a page's links in the table of known URLs are far apart, and a processor
     * fetches several from main memory at once if nothing stands between.
     */
    void admit(Screened screened, Consumer<Request> admitted) {
        outOfScope += screened.outOfScope();
        dropped += screened.dropped();
        List<Candidate> strangers = new ArrayList<>(screened.candidates().size());
        for (Candidate candidate : screened.candidates()) {
            if (!seen.contains(candidate.print())) {
                strangers.add(candidate);
            }
        }
        duplicates += screened.candidates().size() - strangers.size();
        for (Candidate candidate : strangers) { // one may stand there twice
            if (admit(candidate) == Admitted.NEW) {
                admitted.accept(candidate.request());
            }
        }
    }

    /** Admits a URL if it is new and there is room, and counts it. */
    Admitted admit(Request request) {
        return admit(screening.candidate(request));
    }

    /** Returns what {@link #admit(Request)} would do now, and counts the request only if that is not to admit it. */
    Admitted wouldAdmit(Request request) {
        if (seen.contains(screening.candidate(request).print())) {
            duplicates++;
            return Admitted.KNOWN;
        }
        if (hasRoom()) {
            return Admitted.NEW;
        }
        dropped++;
        return Admitted.NO_ROOM;
    }

    /** Whether {@link #admit(Request)} would admit it now; counts nothing. */
    boolean isNewAndHasRoom(Request request) {
        return !knows(request) && hasRoom();
    }

    private boolean hasRoom() {
        return discovered < maxUrls && hasRoom.getAsBoolean();
    }

    private Admitted admit(Candidate candidate) {
        boolean room = hasRoom();
        if (room ? !seen.add(candidate.print()) : seen.contains(candidate.print())) {
            duplicates++;
            return Admitted.KNOWN;
        }
        if (!room) {
            dropped++;
            return Admitted.NO_ROOM;
        }
        discovered++;
        return Admitted.NEW;
    }

    /**
     * Whether a redirect may be followed; counts it if not.
     *
     * @param ofStart whether the chain began at a start URL: it may leave a scope that names no domains, to widen it
     * @param byPatterns what {@link Screening#target} has said of it
     */
    boolean allowsRedirect(CanonicalUrl target, boolean ofStart, boolean byPatterns) {
        if (target.length() > maxUrlLength) {
            dropped++;
            return false;
        }
        boolean allowed = byPatterns && scope.coversRedirect(target.host(), ofStart);
        outOfScope += allowed ? 0 : 1;
        return allowed;
    }

    /** Whether a URL is no longer than it may be; counts nothing. */
    boolean isShort(CanonicalUrl url) {
        return url.length() <= maxUrlLength;
    }

    /** Whether links out of scope are asked whether they work. */
    boolean checksExternal() {
        return scope.checksExternal();
    }

    /** Whether the scope has a URL whose patterns were looked for, by its host; counts nothing. */
    boolean isInScope(CanonicalUrl url, boolean byPatterns) {
        return byPatterns && scope.covers(url.host());
    }

    /** Whether an index may name a sitemap of this host, which is not its own; counts it if not. */
    boolean allowsSitemapAt(Host host) {
        boolean allowed = scope.covers(host);
        outOfScope += allowed ? 0 : 1;
        return allowed;
    }

    /** A start URL's chain has ended at this host. */
    void startEndedAt(Host host) {
        scope.startEndedAt(host);
    }

    /** Whether a URL was admitted. */
    boolean knows(Request request) {
        return seen.contains(screening.candidate(request).print());
    }

    /**
     * Earlier runs of the crawl have admitted these URLs, before any other is admitted.
     *
     * @param prints taken as it is, and added to from now on
     */
    void restoreKnown(FingerprintSet prints) {
        if (discovered > 0) {
            throw new IllegalStateException("URLs were admitted already: " + discovered);
        }
        seen = prints;
        discovered = prints.size();
    }

    /** An earlier run of the crawl has admitted a URL that waits. */
    void restoreWaiting(Fingerprint print) {
        discovered += seen.add(print) ? 1 : 0;
    }

    /** What earlier runs have counted. */
    void restore(Counts counts) {
        duplicates = counts.duplicates();
        outOfScope = counts.outOfScope();
        dropped = counts.dropped();
    }

    /** URLs admitted so far. */
    long discovered() {
        return discovered;
    }

    /** Links to URLs that were known already. */
    long duplicates() {
        return duplicates;
    }

    /** Links that the scope excludes. */
    long outOfScope() {
        return outOfScope;
    }

    /** Links lost to a limit or to nofollow. */
    long dropped() {
        return dropped;
    }
}
