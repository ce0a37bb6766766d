package fanout.parse;

import fanout.link.LinkAudit;
import fanout.page.Page;
import fanout.page.PageLink;
import fanout.page.Request;
import fanout.page.ResponseHead;
import java.util.List;
import org.jsoup.nodes.Document;

/** A page whose document has been built. */
record ParsedPage(Request request, ResponseHead head, Document document, LinkAudit audit) implements Page {

    @Override
    public List<PageLink> links() {
        return audit.links();
    }
}
