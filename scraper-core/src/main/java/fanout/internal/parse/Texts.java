package fanout.internal.parse;

import fanout.internal.parse.Conversion.Miss;
import java.util.List;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * What elements and text nodes say.
 *
 * <p>jsoup turns no-break spaces into plain ones, and a plain space between two groups of digits can separate two
 * numbers. Where a
 * number is looked for, each becomes a narrow no-break space, which jsoup keeps.
 */
final class Texts {

    /** The reason for a text that has nothing to read in it. */
    static final Miss EMPTY = new Miss("the text is empty");

    private static final char NO_BREAK_SPACE = '\u00a0';
    private static final char NARROW_NO_BREAK_SPACE = '\u202f';

    private Texts() {}

    /**
     * As {@link Element#text()}; of a script, a style and other raw text, which have none in jsoup, what is written
     * in them.
     */
    static String of(Element element) {
        return isRaw(element) ? element.data() : element.text();
    }

    /** Returns what is written in an element, with all its white space. */
    static String written(Element element) {
        return isRaw(element) ? element.data() : element.wholeText();
    }

    /** As {@link #of}, with no-break spaces. The element is not changed. */
    static String ofNumber(Element element) {
        if (isRaw(element) || element.wholeText().indexOf(NO_BREAK_SPACE) < 0) {
            return of(element);
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
    static String ofNumber(TextNode text) {
        return new TextNode(kept(text)).text();
    }

    /** Whether a reader would see nothing: white space of any kind, and characters without width. */
    static boolean isBlank(String text) {
        return text.codePoints()
                .allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c)
                        || Character.getType(c) == Character.FORMAT);
    }

    /** Whether a value was not found, or is an empty text, or a list of nothing else. */
    static boolean saysNothing(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String text -> Texts.isBlank(text);
            case List<?> list -> list.stream().allMatch(Texts::saysNothing);
            default -> false;
        };
    }

    private static boolean isRaw(Element element) {
        return element.childNodeSize() > 0 && element.childNode(0) instanceof DataNode;
    }

    private static String kept(TextNode text) {
        return text.getWholeText().replace(NO_BREAK_SPACE, NARROW_NO_BREAK_SPACE);
    }
}
