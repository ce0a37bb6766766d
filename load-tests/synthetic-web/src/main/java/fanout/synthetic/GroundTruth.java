package fanout.synthetic;

import fanout.synthetic.ExpectedPage.Kind;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a crawl must find, by walking the graph instead of the network: no page is fetched or rendered for it.
 *
 * <p>Not thread-safe: one walk.
 */
final class GroundTruth {

    private record Place(int host, int page) {}

    private final Plan plan;
    private final SiteGraph graph;
    private final SiteUrls urls;
    private final Map<String, ExpectedPage> found = new LinkedHashMap<>();
    private final Queue<Place> waiting = new ArrayDeque<>();

    GroundTruth(Plan plan, SiteGraph graph, SiteUrls urls) {
        this.plan = plan;
        this.graph = graph;
        this.urls = urls;
    }

    /** Everything that is linked, directly or not, from these hosts' index pages, without leaving the hosts. */
    Map<String, ExpectedPage> reachableFrom(int firstHost, int lastHost) {
        for (int host = firstHost; host <= lastHost; host++) {
            waiting.add(new Place(host, 0));
        }
        for (Place next = waiting.poll(); next != null; next = waiting.poll()) {
            if (!found.containsKey(urls.pageUrl(next.host, next.page))) {
                visit(next.host, next.page);
            }
        }
        return found;
    }

    private void visit(int host, int page) {
        if (!addIfAllowed(host, SiteUrls.path(page))) {
            return;
        }
        @Nullable
        Fault fault = graph.fault(host, page).orElse(null);
        switch (fault) {
            case null -> ok(host, page);
            case Fault.Flaky _,Fault.TooManyRequests _ -> ok(host, page);
            case Fault.CookieWall() -> {
                String station = SiteUrls.COOKIE + page + ".html";
                if (addIfAllowed(host, station)) {
                    redirected(host, station, Kind.REDIRECTED, 302, SiteUrls.path(page));
                    ok(host, page);
                } else {
                    redirected(host, SiteUrls.path(page), Kind.REDIRECTED, 302, station);
                }
            }
            case Fault.Broken(int status) -> failed(host, page, Kind.HTTP_STATUS, status);
            case Fault.Moved moved -> moved(host, page, moved);
            case Fault.Loop(int status) -> {
                String station = SiteUrls.LOOP + page + ".html";
                redirected(host, SiteUrls.path(page), Kind.REDIRECT_LOOP, status, station);
                if (addIfAllowed(host, station)) {
                    redirected(host, station, Kind.REDIRECT_LOOP, 302, SiteUrls.path(page));
                }
            }
            case Fault.Reset(),Fault.Truncated() -> failed(host, page, Kind.CONNECTION, 0);
            case Fault.Bomb _ -> failed(host, page, Kind.TOO_LARGE, 200);
            case Fault.Stalled(),Fault.Dripping _ -> failed(host, page, Kind.TIMEOUT, 0);
        }
    }

    private void ok(int host, int page) {
        String url = urls.pageUrl(host, page);
        put(new ExpectedPage(url, Kind.OK, 200, PageRenderer.title(host, page), Optional.empty()));
        graph.links(host, page).forEach(target -> waiting.add(new Place(host, target)));
    }

    private void moved(int host, int page, Fault.Moved moved) {
        String at = SiteUrls.path(page);
        int target = graph.redirectTarget(host, page);
        for (int hop = 1; hop < moved.hops(); hop++) {
            String station = SiteUrls.hopPath(page, hop);
            redirected(host, at, Kind.REDIRECTED, moved.status(), station);
            if (!addIfAllowed(host, station)) {
                return;
            }
            at = station;
        }
        redirected(host, at, Kind.REDIRECTED, moved.status(), SiteUrls.path(target));
        waiting.add(new Place(host, target));
    }

    /** Enters the URL as disallowed if robots.txt says so. */
    private boolean addIfAllowed(int host, String path) {
        boolean allowed = plan.robotsOf(host).allows(path);
        if (!allowed) {
            put(new ExpectedPage(urls.url(host, path), Kind.DISALLOWED, 0, "", Optional.empty()));
        }
        return allowed;
    }

    private void redirected(int host, String path, Kind kind, int status, String target) {
        put(new ExpectedPage(urls.url(host, path), kind, status, "", Optional.of(urls.url(host, target))));
    }

    private void failed(int host, int page, Kind kind, int status) {
        put(new ExpectedPage(urls.pageUrl(host, page), kind, status, "", Optional.empty()));
    }

    private void put(ExpectedPage page) {
        found.put(page.url(), page);
    }
}
