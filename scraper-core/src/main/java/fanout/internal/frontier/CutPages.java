package fanout.internal.frontier;

import fanout.internal.host.HostState;
import fanout.internal.host.LabelShares;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a crawl leaves because the limits of its hosts and labels are reached, for the report. However many hosts
 * there are, it keeps a few. Guarded by the frontier's lock.
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
    private final SortedMap<String, Part> labels = new TreeMap<>();

    /** Returns why a page of this host is skipped. */
    static String words(HostState at) {
        return "limits.maxPagesPerHost: " + pages(at.ok()) + " of " + at.host();
    }

    /** Returns why a page of this label is skipped. */
    static String words(LabelShares.Count of) {
        return "limits.maxPagesPerLabel." + of.label() + ": " + pages(of.ok());
    }

    private static String pages(long ok) {
        return ok + (ok == 1 ? " page" : " pages");
    }

    /** A page of this label is skipped. */
    void skipped(LabelShares.Count of) {
        Part before = labels.get(of.label());
        labels.put(of.label(), new Part(of.label(), of.ok(), before == null ? 1 : before.skipped() + 1));
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
        return new Cut(hosts, all.subList(0, Math.min(MOST, all.size())), List.copyOf(labels.values()));
    }
}
