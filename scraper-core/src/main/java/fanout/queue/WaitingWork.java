package fanout.queue;

import fanout.backlog.UrlRoom;

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

    void addPage() {
        pieces++;
        pages++;
    }

    void removePage() {
        pieces--;
        pages--;
    }

    /** Pages that wait take so many bytes more, or fewer. */
    void bytesChanged(long bytes) {
        room.changed(bytes);
    }

    /** A robots.txt or a sitemap waits. */
    void addAuxiliary() {
        pieces++;
    }

    void removeAuxiliary() {
        pieces--;
    }
}
