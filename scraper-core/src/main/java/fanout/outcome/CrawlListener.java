package fanout.outcome;

import fanout.page.Attempt;
import fanout.page.Request;
import fanout.url.CanonicalUrl;

/**
 * Told what a crawl does while it does it: which URLs it admits, in which stage each visit is, what each attempt at a
 * host took, and which outcomes have been written. Every method does nothing by default.
 *
 * <p>Thread-safe, because many threads call it at once: {@link #admitted} and {@link #settled} come from the writer, in
 * the order of the crawl's decisions, {@link #entered} and {@link #attempted} from the workers. A URL is admitted
 * before it is settled; a worker may visit it before the writer says so. Calls must not block, since the crawl waits
 * for them.
 *
 * <p>A listener that throws does not harm the crawl: the exception is written to the log, and the listener is told
 * nothing more of that crawl.
 */
public interface CrawlListener {

    /** A URL is new to the crawl, whatever becomes of it. A resumed crawl does not repeat those of earlier runs. */
    default void admitted(Request request) {}

    /**
     * A visit enters a stage, from {@link Stage#ROBOTS} to {@link Stage#PARSE}, and the stage before has ended.
     *
     * @param url of a page, a robots.txt or a sitemap
     */
    default void entered(CanonicalUrl url, Stage stage) {}

    /**
     * A host was asked once, and has answered or not. An attempt that is interrupted is left out.
     *
     * @param url of a page, a robots.txt or a sitemap
     */
    default void attempted(CanonicalUrl url, Attempt attempt) {}

    /** The sink was given an outcome; one that it does not take is left out. */
    default void settled(Outcome outcome) {}
}
