package fanout.app.trial;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** Whether a page is probably the shell of an application, which scripts fill in a browser. */
final class BrowserNote {

    private static final String NOTE = "the page has scripts, but no text and no links: it probably needs a browser, "
            + "and a crawl runs no scripts (a browser's network tools show where the page has its data from)";

    /** What a browser that runs scripts does not show. */
    private static final Set<String> HIDDEN = Set.of("noscript", "template");

    private static final String LINKS = "a[href], area[href], iframe[src], frame[src], link[rel=next][href]";

    private BrowserNote() {}

    static Optional<String> of(Document page) {
        boolean isShell = page.select("script").stream().anyMatch(BrowserNote::runs)
                && page.select(LINKS).stream().noneMatch(BrowserNote::isShown)
                && page.body().nodeStream(TextNode.class).noneMatch(text -> saysSomething(text) && isShown(text));
        return isShell ? Optional.of(NOTE) : Optional.empty();
    }

    /** Other scripts hold data. */
    private static boolean runs(Element script) {
        String type = script.attr("type").strip().toLowerCase(Locale.ROOT);
        return type.isEmpty() || type.equals("module") || type.endsWith("/javascript");
    }

    /** A space may be one that does not break, which shells put where nothing is yet. */
    private static boolean saysSomething(TextNode text) {
        return text.getWholeText().codePoints().anyMatch(c -> !Character.isWhitespace(c) && !Character.isSpaceChar(c));
    }

    private static boolean isShown(Node node) {
        for (Node around = node; around != null; around = around.parent()) {
            if (HIDDEN.contains(around.nodeName())) {
                return false;
            }
        }
        return true;
    }
}
