package fanout.item;

import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;

/**
 * The text of elements and text nodes with their no-break spaces. jsoup turns those into plain spaces, and a plain space between two
 * groups of digits can separate two numbers. Here each becomes a narrow no-break space, which jsoup keeps.
 */
final class NoBreakSpaces {

    private static final char NO_BREAK_SPACE = '\u00a0';
    private static final char NARROW_NO_BREAK_SPACE = '\u202f';

    private NoBreakSpaces() {}

    /** As {@link Element#text()}, with no-break spaces. The element is not changed. */
    static String textOf(Element element) {
        if (element.wholeText().indexOf(NO_BREAK_SPACE) < 0) {
            return element.text();
        }
        Element copy = element.clone();
        copy.traverse((node, _) -> {
            if (node instanceof TextNode text) {
                text.text(kept(text));
            }
        });
        return copy.text();
    }

    /** As {@link TextNode#text()}, with no-break spaces. */
    static String textOf(TextNode text) {
        return new TextNode(kept(text)).text();
    }

    private static String kept(TextNode text) {
        return text.getWholeText().replace(NO_BREAK_SPACE, NARROW_NO_BREAK_SPACE);
    }
}
