package fanout.queue;

/** How much waits at all hosts of a crawl: running sums. Guarded by the frontier's lock. */
final class WaitingWork {

    private final UrlRoom room;
    private long pieces;
    private long pages;

    WaitingWork(UrlRoom room) {
        this.room = room;
    }

    boolean isNothing() {
        return pieces == 0;
    }

    long pages() {
        return pages;
    }

    void add(Pending page) {
        pieces++;
        pages++;
        room.add(page);
    }

    void remove(Pending page) {
        pieces--;
        pages--;
        room.remove(page);
    }

    /** A robots.txt or a sitemap waits. */
    void addAuxiliary() {
        pieces++;
    }

    void removeAuxiliary() {
        pieces--;
    }
}
