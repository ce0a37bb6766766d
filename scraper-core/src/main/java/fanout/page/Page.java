package fanout.page;

import java.util.List;
import org.jsoup.nodes.Document;

/**
 * A fetched page as extractors see it. Confined to the worker that parses it: do not keep it, or its document, after
 * {@code extract} returns.
 */
public interface Page {

    Request request();

    ResponseHead head();

    /** The page's DOM, built on first use; the same object on every call. Its base URI honours the base element. */
    Document document();

    /**
     * Every link that the page has, in its order, and what the parser made of it; where the job names the links to follow,
     * those first, and then those of the standard set that it passes over. Worked out anew on each call.
     */
    List<PageLink> links();
}
