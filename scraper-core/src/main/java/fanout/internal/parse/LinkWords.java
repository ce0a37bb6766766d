package fanout.internal.parse;

import fanout.page.Hyperlink;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * The words of an element that links, as a person sees them: its text and that of its images, or else its title. White
 * space counts as one space. Looks at so many nodes and characters at most, because links of XHTML may stand in each
 * other. Confined to one thread.
 */
final class LinkWords {

    private static final int MOST_NODES = 1_000;

    private final StringBuilder words = new StringBuilder();
    private boolean isSpaceDue;
    private int nodes;

    private LinkWords() {}

    /** Returns the words; empty if there are none. */
    static String of(Element link) {
        LinkWords found = new LinkWords();
        if (link.hasAttr("alt")) { // an area
            found.add(link.attr("alt"));
        }
        found.addAll(link);
        if (found.words.isEmpty()) {
            found.add(link.attr("title"));
        }
        return found.words.toString();
    }

    /** Recursive: the parser has bounded the depth. */
    private void addAll(Element element) {
        int children = element.childNodeSize();
        for (int i = 0; i < children && !isFull(); i++) {
            nodes++;
            Node child = element.childNode(i);
            if (child instanceof TextNode text) {
                add(text.getWholeText());
            } else if (child instanceof Element inner) {
                boolean isApart = inner.isBlock() || inner.normalName().equals("br");
                isSpaceDue |= isApart;
                if (inner.normalName().equals("img")) {
                    add(inner.attr("alt"));
                }
                addAll(inner);
                isSpaceDue |= isApart;
            }
        }
    }

    private boolean isFull() {
        return nodes >= MOST_NODES || words.length() >= Hyperlink.LONGEST_TEXT;
    }

    private void add(String text) {
        for (int i = 0; i < text.length() && words.length() < Hyperlink.LONGEST_TEXT; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == '\u00A0') {
                isSpaceDue = true;
            } else {
                if (isSpaceDue && !words.isEmpty()) {
                    words.append(' ');
                }
                isSpaceDue = false;
                words.append(c);
            }
        }
    }
}
