package fanout.item;

import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;

/**
 * Texts whose no-break spaces tell what belongs together, as between the digits of a price. jsoup makes a plain space of each, and of a
 * plain space nobody knows whether one number ends there. The narrow no-break space, which it leaves alone, takes their place.
 */
final class NoBreakSpaces {

    private static final char NO_BREAK_SPACE = '\u00a0';
    private static final char NARROW_NO_BREAK_SPACE = '\u202f';

    private NoBreakSpaces() {}

    /** As {@link Element#text()}, but for them. The element is not changed. */
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

    /** As {@link TextNode#text()}, but for them. */
    static String textOf(TextNode text) {
        return new TextNode(kept(text)).text();
    }

    private static String kept(TextNode text) {
        return text.getWholeText().replace(NO_BREAK_SPACE, NARROW_NO_BREAK_SPACE);
    }
}
