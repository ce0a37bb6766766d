package fanout.admission;

import fanout.admission.SeenUrls.Fingerprint;
import fanout.frontier.Tally;
import fanout.job.CrawlJob;
import fanout.page.Link;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import fanout.url.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which URLs a crawl takes on: scope and length first, then "is it new", then "is there room". The first question runs user
 * patterns and may take its time; it is answered by {@link #screen} outside the frontier's lock, the others inside.
 */
public final class Admission {

    private final long maxUrls;
    private final int maxUrlLength;
    private final Tally tally;
    private final SeenUrls seen = new SeenUrls();
    private final Scope scope;
    /** Where start URLs were redirected to, if the scope names no domains; at most one host a start URL. */
    private final Set<Host> widened = ConcurrentHashMap.newKeySet();

    public Admission(CrawlJob job, Tally tally) {
        this.maxUrls = job.limits().maxUrls();
        this.maxUrlLength = job.limits().maxUrlLength();
        this.scope = job.scope();
        this.tally = tally;
    }

    /** A URL and its fingerprint. */
    public record Candidate(Request request, Fingerprint print) {}

    /** Candidates that are in scope, and how many links were not. */
    public record Screened(List<Candidate> candidates, int outOfScope, int dropped) {

        public static final Screened NONE = new Screened(List.of(), 0, 0);

        public Screened andDropped(int more) {
            return new Screened(candidates, outOfScope, dropped + more);
        }
    }

    /** Screens the links of a page. Needs no lock. */
    public Screened screen(Request from, boolean endsStart, List<Link> links) {
        if (links.isEmpty()) {
            return Screened.NONE;
        }
        if (endsStart) {
            startEndedAt(from.url().host()); // before its own links are looked at
        }
        if (!scope.goesBeyond(from.depth())) {
            return new Screened(List.of(), links.size(), 0);
        }
        Optional<CanonicalUrl> referrer = Optional.of(from.url());
        List<Candidate> candidates = new ArrayList<>(links.size());
        int tooLong = 0;
        int outside = 0;
        for (Link link : links) {
            if (link.url().length() > maxUrlLength) {
                tooLong++;
            } else if (!admits(link.url())) {
                outside++;
            } else {
                candidates.add(candidate(new Request(link.url(), from.depth() + 1, link.label(), referrer)));
            }
        }
        return new Screened(candidates, outside, tooLong);
    }

    /** Screens the entries of a sitemap. Needs no lock. */
    public Screened screen(List<CanonicalUrl> entries) {
        List<Candidate> candidates = new ArrayList<>(entries.size());
        int tooLong = 0;
        for (CanonicalUrl entry : entries) {
            if (entry.length() > maxUrlLength) {
                tooLong++;
            } else if (admits(entry)) {
                candidates.add(candidate(Request.start(entry, Optional.empty())));
            }
        }
        return new Screened(candidates, entries.size() - tooLong - candidates.size(), tooLong);
    }

    public static Candidate candidate(Request request) {
        return new Candidate(request, SeenUrls.fingerprint(request.url()));
    }

    /** What became of a candidate. */
    public enum Admitted {
        NEW, KNOWN, NO_ROOM
    }

    /** Takes a candidate on if it is new and there is room, and counts it. */
    public Admitted admit(Candidate candidate) {
        if (tally.discovered < maxUrls ? !seen.add(candidate.print()) : seen.contains(candidate.print())) {
            tally.duplicates++;
            return Admitted.KNOWN;
        }
        if (tally.discovered == maxUrls) {
            tally.dropped++;
            return Admitted.NO_ROOM;
        }
        tally.discovered++;
        return Admitted.NEW;
    }

    /** Whether a redirect may be followed. A start URL's chain may leave a scope that names no domains, to widen it. */
    public boolean allowsRedirect(CanonicalUrl target, boolean ofStart) {
        boolean mayWiden = ofStart && scope.allowedDomains().isEmpty();
        return mayWiden ? scope.matches(target) : admits(target);
    }

    private boolean admits(CanonicalUrl url) {
        return coversHost(url.host()) && scope.matches(url);
    }

    /** Whether a host is in scope, by itself or because a start URL has led there. */
    public boolean coversHost(Host host) {
        return scope.covers(host) || widened.contains(host.withOneWebPort());
    }

    public boolean isTooLong(CanonicalUrl url) {
        return url.length() > maxUrlLength;
    }

    /** A start URL's chain has ended at this host. */
    public void startEndedAt(Host host) {
        if (scope.allowedDomains().isEmpty()) {
            widened.add(host.withOneWebPort());
        }
    }
}
