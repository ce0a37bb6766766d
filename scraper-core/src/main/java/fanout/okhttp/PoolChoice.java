package fanout.okhttp;

import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.url.Host;

/**
 * In which of a crawl's pools a thread has its connections to a host. For each request OkHttp may look at every connection of a pool, and
 * it does so when one becomes idle; a pool has some dozens of them, then. All connections to a host are in one pool; or, where the
 * job allows more to it than a pool should have, in so many pools, and each thread keeps to one of these: it finds there what it
 * used last. Immutable.
 *
 * @param pools of the crawl
 */
record PoolChoice(int pools, Politeness politeness) {

    /** What a pool should have. */
    private static final int CONNECTIONS = 64;

    static PoolChoice of(CrawlJob job) {
        return new PoolChoice(Math.ceilDiv(job.concurrency(), CONNECTIONS), job.politeness());
    }

    /** The number of a pool, from 0 on. */
    int of(Host host, long thread) {
        if (pools == 1) {
            return 0;
        }
        int ofHost = Math.min(pools, Math.ceilDiv(politeness.mannersFor(host).perHostConcurrency(), CONNECTIONS));
        return Math.floorMod(host.hashCode() + thread % ofHost, pools);
    }
}
