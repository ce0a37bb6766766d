package fanout.simulation;

import fanout.page.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the simulated hosts see: every visit of every crawl, in the order in which they began. Confined to the
 * simulation.
 */
final class NetworkLog {

    private final List<Visit> visits = new ArrayList<>();
    private final List<Visit> underWay = new ArrayList<>();

    /** A crawl begins to fetch a URL. */
    Visit begin(CrawlPlan crawl, String url, Request.Details details, Moment now) {
        String host = SimulatedWeb.hostOf(url);
        Visit visit = new Visit(crawl, url, details, now,
                underWay.stream().filter(one -> one.host().equals(host)).toList());
        visits.add(visit);
        underWay.add(visit);
        visit.inFlight = inFlight(crawl);
        visit.sitemapsInFlight = (int) underWay.stream().filter(one -> SimulatedWeb.isSitemap(one.url)).count();
        return visit;
    }

    void end(Visit visit, Moment now) {
        visit.ended = now;
        underWay.remove(visit);
    }

    /** A crawl gives up its visits that are under way. */
    void giveUp(CrawlPlan crawl, Moment now) {
        underWay.stream().filter(one -> one.isOf(crawl)).forEach(one -> one.giveUp(now));
    }

    /** Visits of a crawl that are under way. */
    int inFlight(CrawlPlan crawl) {
        return (int) underWay.stream().filter(one -> one.isOf(crawl)).count();
    }

    /** Visits of all crawls that are under way. */
    List<Visit> underWay() {
        return List.copyOf(underWay);
    }

    List<Visit> visits() {
        return Collections.unmodifiableList(visits);
    }

    /** The visits of one crawl. */
    List<Visit> visits(CrawlPlan crawl) {
        return visits.stream().filter(visit -> visit.isOf(crawl)).toList();
    }
}
