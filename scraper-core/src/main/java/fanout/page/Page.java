package fanout.page;

import java.util.List;
import org.jsoup.nodes.Document;

/**
 * A fetched page as extractors see it. Confined to the worker that parses it: keep neither the page nor its document
 * after {@code extract} has returned.
 */
public interface Page {

    /** The URL, and how the crawl found it. */
    Request request();

    /** The head of the response. */
    ResponseHead head();

    /** The values of a response header, as sent; empty if it was not sent; the name's case does not matter. */
    List<String> headers(String name);

    /** The decoded body. Not copied: it must not be changed, and is not kept either. */
    byte[] body();

    /**
     * The page's DOM, made when it is first asked for: that takes several times as long as to read the links, and an
     * extractor that can do without saves it. Of a page that is JSON, one with nothing in it. Extractors share it, and
     * see each other's changes. Its base URI honours the base element.
     */
    Document document();

    /**
     * Every link of the page in the page's order, and what the parser made of it. If the job names the links to follow,
     * those come first, and after them the links of the standard set that it passes over. Computed on each call, from
     * the DOM as it was when it was made.
     */
    List<PageLink> links();

    /**
     * What each entry of the job's {@code follow} picked in this page, and why others of its matches are no links.
     * Empty if the job
     * follows the standard set. Computed on each call.
     */
    List<PageFollow> follows();

    /**
     * What the job's rules for this page made of each place in it, and why values are missing. Computed on each call.
     */
    List<PageItem> items();
}
