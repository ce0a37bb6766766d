package fanout.page;

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
}
