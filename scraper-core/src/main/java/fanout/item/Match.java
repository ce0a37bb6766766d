package fanout.item;

import java.util.Optional;
import org.jsoup.nodes.Element;

/** What a selector picked: an element, or something that is text by itself. */
public sealed interface Match {

    /** An element, of which a field takes the text, an attribute or the markup. */
    record OfElement(Element element) implements Match {}

    /** An attribute's value, a text node, or what an XPath function computed. */
    record OfText(String text) implements Match {}

    /** The attribute's value, or the text if none is asked for; empty if the element has no such attribute. */
    default Optional<String> text(Optional<String> attribute) {
        return switch (this) {
            case OfText found -> Optional.of(found.text);
            case OfElement found when attribute.isEmpty() -> Optional.of(found.element.text());
            case OfElement found -> attribute.filter(found.element::hasAttr).map(found.element::attr);
        };
    }

    /** The element and what is in it, as markup. */
    default String outerHtml() {
        return switch (this) {
            case OfText found -> found.text;
            case OfElement found -> found.element.outerHtml();
        };
    }
}
