package fanout.okhttp;

import fanout.job.CrawlJob;
import fanout.url.Host;

/**
 * In which of a crawl's pools a thread has its connections to a host. For each request OkHttp may look at every connection of a pool, and
 * it does so when one becomes idle; so a pool has up to some dozens in use, and keeps up to a few hundred. All connections to a host are in one pool; or, where the
 * job allows more to it than a pool should have in use, in so many pools, and each thread keeps to one of these: it finds there what it
 * used last. Immutable.
 *
 * @param pools of the crawl
 */
record PoolChoice(int pools, CrawlJob job) {

    /** What a pool should have in use. */
    private static final int IN_USE = 64;
    /** What a pool should keep. */
    private static final int IDLE = 256;

    /** @param connections that the crawl may keep, in all pools */
    static PoolChoice of(CrawlJob job, int connections) {
        return new PoolChoice(Math.max(Math.ceilDiv(job.concurrency(), IN_USE), Math.ceilDiv(connections, IDLE)),
                job);
    }

    /** The number of a pool, from 0 on. */
    int of(Host host, long thread) {
        if (pools == 1) {
            return 0;
        }
        int inUse = Math.min(job.concurrency(), job.politeness().mannersFor(host).perHostConcurrency());
        return Math.floorMod(host.hashCode() + thread % Math.ceilDiv(inUse, IN_USE), pools);
    }
}
