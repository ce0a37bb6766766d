package fanout.url;

/** Writes the queries of a page's links in the page's encoding, as browsers do and as the page's server expects. */
@FunctionalInterface
public interface QueryEncoder {

    /** The encoder of pages in UTF-8, which all other parts of a URL are written in, too. */
    QueryEncoder UTF_8 = query -> query;

    /**
     * Percent-encodes a query.
     *
     * @param query without the question mark; may be percent-encoded already, in whole or in part
     */
    String encode(String query);
}
