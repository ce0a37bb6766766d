package fanout.load;

import fanout.page.Link;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pages of the scenarios, by the numbers of their host and their place at it; made as a crawl makes them, one by
 * one.
 */
final class ScenarioPages {

    static final String DOMAIN = "test";

    private static final int KNOWN_LINKS = 4;
    /** Odd and not a multiple of 5: with any round number of hosts the hosts that follow each other lie far apart. */
    private static final long STRIDE = 7_919;

    private static final int SHORTEST = 60;
    private static final int LONGEST = 100;
    private static final String FILLER = "x".repeat(LONGEST);
    /** Of {@code http://host-000000.test/}. */
    private static final int ORIGIN_LENGTH = 24;

    private ScenarioPages() {}

    static CanonicalUrl url(int host, int page) {
        return CanonicalUrl.of("http://host-%06d.%s/page-%d".formatted(host, DOMAIN, page));
    }

    /** The first pages of a host, which share its name as URLs do that come with one page. */
    static List<Request> of(int host, int pages) {
        CanonicalUrl first = url(host, 0);
        List<Request> all = new ArrayList<>(pages);
        all.add(Request.start(first, Optional.empty()));
        LinkBase base = LinkBase.of(first);
        for (int page = 1; page < pages; page++) {
            all.add(Request.start(base.resolve("page-" + page).orElseThrow(), Optional.empty()));
        }
        return all;
    }

    /** As {@link #of}, with URLs of 60 to 100 characters, 80 on average. */
    static List<Request> longOnesOf(int host, int pages) {
        LinkBase base = LinkBase.of(url(host, 0));
        List<Request> all = new ArrayList<>(pages);
        for (int page = 0; page < pages; page++) {
            int length = SHORTEST + page % (LONGEST - SHORTEST + 1);
            String path = "page-" + page + "-";
            String filler = FILLER.substring(0, length - ORIGIN_LENGTH - path.length());
            all.add(Request.start(base.resolve(path + filler).orElseThrow(), Optional.empty()));
        }
        return all;
    }

    /** The links of a page: to the next one of its host, and to the first ones of some others. */
    static List<Link> linksOf(CanonicalUrl url, int hosts) {
        String host = url.host().name();
        int number = Integer.parseInt(host, host.indexOf('-') + 1, host.indexOf('.'), 10);
        int page = placeOf(url);
        List<Link> links = new ArrayList<>(1 + KNOWN_LINKS);
        if (page + 1 < Scenario.PAGES) {
            links.add(link(LinkBase.of(url).resolve("page-" + (page + 1)).orElseThrow()));
        }
        for (int i = 1; i <= KNOWN_LINKS; i++) {
            links.add(link(url((int) ((number + (page * KNOWN_LINKS + i) * STRIDE) % hosts), 0)));
        }
        return links;
    }

    /** Which page of its host it is. */
    static int placeOf(CanonicalUrl url) {
        String path = url.pathAndQuery();
        return Integer.parseInt(path, path.indexOf('-') + 1, path.length(), 10);
    }

    private static Link link(CanonicalUrl url) {
        return new Link(url, Optional.empty());
    }
}
