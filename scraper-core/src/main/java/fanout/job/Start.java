package fanout.job;

import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a crawl begins.
 *
 * @param urls requests at depth 0, distinct by key; may be empty if there are sitemaps
 * @param sitemaps distinct
 * @param sitemapsFromRobots whether the sitemaps that the start hosts' robots.txt name are read, too
 * @param skipped lines of a list of start URLs that were left out, which the report counts
 * @param repeated requests that were given again, which the report counts as duplicates
 */
public record Start(
        List<Request> urls,
        List<CanonicalUrl> sitemaps,
        boolean sitemapsFromRobots,
        SkippedLines skipped,
        int repeated) {

    /**
     * Lines that are no requests.
     *
     * @param first what is wrong with the first of them, at most 20
     */
    public record SkippedLines(long count, List<String> first) {

        /** None. */
        public static final SkippedLines NONE = new SkippedLines(0, List.of());

        public SkippedLines {
            first = List.copyOf(first);
            Require.check(count >= first.size(), "startUrlsFile", "has fewer bad lines than are named");
        }
    }

    /** A start that leaves out no line of a list. */
    public Start(List<Request> urls, List<CanonicalUrl> sitemaps, boolean sitemapsFromRobots) {
        this(urls, sitemaps, sitemapsFromRobots, SkippedLines.NONE, 0);
    }

    public Start {
        LinkedHashMap<String, Request> distinct = new LinkedHashMap<>();
        urls.forEach(request -> distinct.putIfAbsent(request.key(), request));
        repeated += urls.size() - distinct.size();
        urls = List.copyOf(distinct.values());
        sitemaps = sitemaps.stream().distinct().toList();
        Require.check(!urls.isEmpty() || !sitemaps.isEmpty(), "startUrls",
                "must name at least one URL, unless sitemaps does");
    }

    /** One URL, and nothing else. */
    public static Start at(Request url) {
        return new Start(List.of(url), List.of(), false);
    }

    /** The hosts that a scope without domains means: those of the URLs, or of the sitemaps if there are no URLs. */
    Stream<Host> hosts() {
        return urls.isEmpty() ? sitemaps.stream().map(CanonicalUrl::host)
                : urls.stream().map(request -> request.url().host());
    }
}
