package fanout.internal.text;

import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * Walks the elements of a page in their order, without those that the view passes over. Below {@link
 * TextView#MOST_LEVELS} levels only words are read. Confined to the thread that parses the page.
 */
abstract class TextWalk {

    final TextView view;
    private int levels;

    TextWalk(TextView view) {
        this.view = view;
    }

    /** Writes an element, with what is in it. */
    abstract void write(Element element, Shape shape);

    /** Writes text as it is in the page. */
    abstract void words(String text);

    /** Reads what is in an element. */
    final void children(Element element) {
        int count = element.childNodeSize();
        for (int i = 0; i < count; i++) {
            read(element.childNode(i));
        }
    }

    final void read(Node node) {
        TextView.spend(0);
        if (node instanceof TextNode text) {
            words(text.getWholeText());
        } else if (node instanceof Element element) {
            Shape shape = Shape.of(element);
            if (!view.passesOver(element, shape) && !Shape.isPermalink(element)) {
                if (levels == TextView.MOST_LEVELS) {
                    view.texts(element, this::words);
                    return;
                }
                levels++;
                write(element, shape);
                levels--;
            }
        }
    }
}
