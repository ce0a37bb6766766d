package fanout.frontier;

import fanout.backlog.UrlRoom;
import fanout.host.SharedHosts;
import fanout.queue.RuleRoom;
import fanout.queue.SitemapGate;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the frontiers of one process share: the hosts that they visit together, and the limits that they keep together.
 * All of it, and all of each frontier, is guarded by one lock, since a decision about a host concerns every crawl that
 * visits it; with a lock for each crawl there would be two to take, in some order. It is held for one decision, which
 * takes a microsecond.
 *
 * <p>Thread-safe.
 */
public final class FrontierGroup {

    /** Hosts without work of which a crawl keeps the state. */
    private static final int IDLE_HOSTS = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final SharedHosts hosts = new SharedHosts();
    private final Set<Runnable> members = new LinkedHashSet<>();
    private final SitemapGate sitemapGate = new SitemapGate(this::wakeAll);
    private final RuleRoom ruleRoom;
    private final UrlRoom urlRoom;
    private final int idleHosts;

    /** A group without crawls, of which each keeps the state of 10,000 hosts without work. */
    public FrontierGroup(long ruleBytes, long urlBytes) {
        this(ruleBytes, urlBytes, IDLE_HOSTS);
    }

    /**
     * A group without crawls.
     *
     * @param ruleBytes what the robots.txt rules of all crawls may take in memory
     * @param urlBytes what their waiting URLs may take
     * @param idleHosts without work, of which each crawl keeps the state
     */
    public FrontierGroup(long ruleBytes, long urlBytes, int idleHosts) {
        this.ruleRoom = new RuleRoom(ruleBytes, this::wakeAll);
        this.urlRoom = new UrlRoom(urlBytes);
        this.idleHosts = idleHosts;
    }

    ReentrantLock lock() {
        return lock;
    }

    SharedHosts hosts() {
        return hosts;
    }

    SitemapGate sitemapGate() {
        return sitemapGate;
    }

    RuleRoom ruleRoom() {
        return ruleRoom;
    }

    UrlRoom urlRoom() {
        return urlRoom;
    }

    int idleHosts() {
        return idleHosts;
    }

    /** @param wake called when the group's limits have let go of something, with the lock held */
    void join(Runnable wake) {
        assert lock.isHeldByCurrentThread();
        members.add(wake);
    }

    void leave(Runnable wake) {
        assert lock.isHeldByCurrentThread();
        members.remove(wake);
    }

    private void wakeAll() {
        assert lock.isHeldByCurrentThread();
        members.forEach(Runnable::run);
    }

    /** What the crawls at work keep at this moment. */
    public Kept kept() {
        lock.lock();
        try {
            return new Kept(hosts.size(), ruleRoom.used(), urlRoom.used());
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is kept.
     *
     * @param hosts with work, or left lately
     * @param ruleBytes of robots.txt rules
     * @param urlBytes of waiting URLs
     */
    public record Kept(int hosts, long ruleBytes, long urlBytes) {}
}
