package fanout.parse;

import fanout.link.LinkAudit;
import fanout.page.Page;
import fanout.page.PageItem;
import fanout.page.PageLink;
import fanout.page.Request;
import fanout.page.ResponseHead;
import java.util.List;
import java.util.function.Supplier;
import org.jsoup.nodes.Document;

/** A page whose document has been built. */
record ParsedPage(RawPage raw, Document document, LinkAudit audit, Supplier<List<PageItem>> itemAudit) implements Page {

    @Override
    public Request request() {
        return raw.request();
    }

    @Override
    public ResponseHead head() {
        return raw.head();
    }

    @Override
    public List<String> headers(String name) {
        return raw.headers().values(name);
    }

    @Override
    public byte[] body() {
        return raw.body();
    }

    @Override
    public List<PageLink> links() {
        return audit.links();
    }

    @Override
    public List<PageItem> items() {
        return itemAudit.get();
    }
}
