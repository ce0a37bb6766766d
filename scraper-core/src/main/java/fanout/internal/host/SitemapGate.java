package fanout.internal.host;

/**
 * How many sitemaps all crawls of a process fetch at once: few, because each is held whole while it is read.
 *
 * <p>Guarded by the lock that the frontiers of the process share.
 */
final class SitemapGate {

    private static final int MOST = 2;

    private final Runnable opened;
    private int inside;

    /** @param opened called when the gate opens: a crawl that found it closed may look again */
    public SitemapGate(Runnable opened) {
        this.opened = opened;
    }

    boolean isOpen() {
        return inside < MOST;
    }

    public void enter() {
        inside++;
    }

    public void leave() {
        if (inside-- == MOST) {
            opened.run();
        }
    }
}
