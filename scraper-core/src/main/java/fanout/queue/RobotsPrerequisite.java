package fanout.queue;

import fanout.host.RobotsRules;
import fanout.job.CrawlJob;
import fanout.outcome.Failure;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * robots.txt as what the pages and sitemaps of a host wait for: asked for before the first of them, and what becomes of them when it
 * is known, or will not be. Guarded by the frontier's lock.
 */
public final class RobotsPrerequisite {

    private final Duration maxCrawlDelay;
    private final KnownHosts hosts;
    private final Consumer<HostState> settleLater;

    /** @param settleLater told of a host that is not asked, of which pages may wait */
    RobotsPrerequisite(CrawlJob job, KnownHosts hosts, Consumer<HostState> settleLater) {
        this.maxCrawlDelay = job.politeness().maxCrawlDelay();
        this.hosts = hosts;
        this.settleLater = settleLater;
    }

    /** Whether the sitemaps that this host's robots.txt names are wanted. */
    public boolean wantsSitemapsOf(Host host) {
        return hosts.mustShowRobots(host);
    }

    /** Queues a robots.txt at the host that serves it. */
    public void add(Work.FetchRobots robots, long notBefore, long now) {
        HostState queue = hosts.of(robots.url().host());
        queue.robotsFiles().add(robots, notBefore);
        hosts.touched(queue, now);
    }

    /** Has a host's robots.txt fetched before work of this URL, if it is not known. */
    void askFor(HostState queue, CanonicalUrl url, long now) {
        if (queue.robots() instanceof RobotsState.Unknown) {
            queue.robots(new RobotsState.Awaited());
            add(new Work.FetchRobots(queue.host(), url.robotsTxt(), 0, 0), now, now);
        }
    }

    /** A host's rules are known: its pages are free to go. */
    public void known(Host host, RobotsRules known, long now) {
        HostState queue = hosts.of(host);
        queue.robots(new RobotsState.Known(known));
        known.crawlDelay().ifPresent(delay -> queue.crawlDelay(atMost(delay), now));
        hosts.touched(queue, now);
    }

    private Duration atMost(Duration crawlDelay) {
        return crawlDelay.compareTo(maxCrawlDelay) > 0 ? maxCrawlDelay : crawlDelay;
    }

    /** A host's rules will not be known: nothing is fetched from it, and its pages wait for their outcome. */
    public void missed(Host host, Failure failure, long now) {
        HostState queue = hosts.of(host);
        queue.robots(failure instanceof Failure.HttpStatus
                ? new RobotsState.Withheld(failure)
                : new RobotsState.Unreachable(failure));
        settleLater.accept(queue);
        hosts.touched(queue, now);
    }

    /** Takes the robots.txt files that wait at a host that is given up. */
    public List<Work> takeAllAt(HostState queue) {
        return queue.robotsFiles().takeAll();
    }
}
