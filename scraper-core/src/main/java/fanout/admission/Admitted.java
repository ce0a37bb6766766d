package fanout.admission;

/** What became of a URL that was offered. */
public enum Admitted {
    /** It is new and belongs to the crawl from now on. */
    NEW,
    /** The crawl knows it. */
    KNOWN,
    /** The crawl has {@code maxUrls} URLs: it is counted as dropped. */
    NO_ROOM
}
