package fanout.parse;

import fanout.page.Page;
import fanout.page.Request;
import fanout.page.ResponseHead;
import org.jsoup.nodes.Document;

/** A page whose document has been built. */
record ParsedPage(Request request, ResponseHead head, Document document) implements Page {}
