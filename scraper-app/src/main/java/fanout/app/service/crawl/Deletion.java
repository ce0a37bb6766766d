package fanout.app.service.crawl;

/** What became of a request to delete a crawl. */
public enum Deletion {
    /** It is gone, with all its files. */
    DONE,
    /** It has not ended, and cannot be deleted. */
    LIVE,
    /** Another request goes on with it, or deletes it, at this moment. */
    BUSY,
    /** There is none. */
    UNKNOWN
}
