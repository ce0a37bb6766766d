package fanout.internal.parse;

import fanout.page.Page;
import fanout.page.PageFollow;
import fanout.page.PageItem;
import fanout.page.PageLink;
import fanout.page.Request;
import fanout.page.ResponseHead;
import java.util.List;
import java.util.function.Supplier;
import org.jsoup.nodes.Document;

/** A page as extractors see it: what takes a tree is made when they ask for it. */
record ParsedPage(
        PageContent content,
        Supplier<LinkSelection> linkSelection,
        Supplier<List<PageFollow>> followAudit,
        Supplier<List<PageItem>> itemAudit) implements Page {

    @Override
    public Request request() {
        return content.raw().request();
    }

    @Override
    public ResponseHead head() {
        return content.raw().head();
    }

    @Override
    public List<String> headers(String name) {
        return content.raw().headers().values(name);
    }

    @Override
    public byte[] body() {
        return content.raw().body();
    }

    @Override
    public Document document() {
        return content.tree().document();
    }

    @Override
    public List<PageLink> links() {
        return new LinkAudit(linkSelection.get()).links();
    }

    @Override
    public List<PageFollow> follows() {
        return followAudit.get();
    }

    @Override
    public List<PageItem> items() {
        return itemAudit.get();
    }
}
