package fanout.internal.frontier;

import fanout.internal.host.HostState;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a crawl leaves because the limits of its hosts are reached, for the report. However many hosts there are,
 * it keeps a few. Guarded by the frontier's lock.
 */
final class CutPages {

    /** So many of the hosts are named in the report. */
    private static final int MOST = 20;
    private static final Comparator<Part> BY_SKIPPED =
            Comparator.comparingLong(Part::skipped).reversed().thenComparing(Part::name);

    private final List<Part> most = new ArrayList<>();
    private long hosts;
    /** The pages of one host are left one after the other. */
    private @Nullable HostState host;
    private long skipped;

    /** Returns why a page of this host is skipped. */
    static String words(HostState at) {
        return "limits.maxPagesPerHost: " + at.ok() + (at.ok() == 1 ? " page" : " pages") + " of " + at.host();
    }

    /** A page of this host is skipped. */
    void skipped(HostState at) {
        if (at != host) {
            end();
            host = at;
            hosts++;
        }
        skipped++;
    }

    private void end() {
        most.addAll(ofHost());
        most.sort(BY_SKIPPED);
        if (most.size() > MOST) {
            most.removeLast();
        }
        skipped = 0;
    }

    private List<Part> ofHost() {
        return host == null ? List.of() : List.of(new Part(host.host().toString(), host.ok(), skipped));
    }

    /** Returns what is counted by now. */
    Cut counted() {
        List<Part> all = new ArrayList<>(most);
        all.addAll(ofHost());
        all.sort(BY_SKIPPED);
        return new Cut(hosts, all.subList(0, Math.min(MOST, all.size())));
    }
}
