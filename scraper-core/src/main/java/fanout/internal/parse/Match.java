package fanout.internal.parse;

import fanout.internal.json.JsonPointer;
import fanout.internal.json.JsonValue;
import fanout.internal.text.Markdown;
import fanout.internal.text.PlainText;
import fanout.job.Reading;
import java.util.Optional;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;

/** What a selector picked: an element, something that is text by itself, or a value of a JSON document. */
sealed interface Match {

    /** An element, of which a field takes the text, an attribute or the markup. */
    record OfElement(Element element) implements Match {}

    /** A text node. */
    record OfTextNode(TextNode node) implements Match {}

    /** An attribute's value, or what an XPath function computed. */
    record OfText(String text) implements Match {}

    /** A value of a JSON document. */
    record OfJson(JsonValue value) implements Match {

        /** The member of that name, or below that pointer; the value itself if none is asked for. */
        Optional<JsonValue> member(Optional<String> name) {
            return name.isEmpty() ? Optional.of(value) : JsonPointer.toMember(name.get()).in(value);
        }
    }

    /**
     * The attribute's value, or the text if none is asked for; empty if the element has no such attribute. Of JSON the
     * value's, or its member's, if it is a string, a number or a boolean.
     */
    default Optional<String> text(Optional<String> attribute) {
        return switch (this) {
            case OfText found -> Optional.of(found.text);
            case OfTextNode found -> Optional.of(found.node.text());
            case OfJson found -> found.member(attribute).flatMap(JsonValue::text);
            case OfElement found when attribute.isEmpty() -> Optional.of(Texts.of(found.element));
            case OfElement found -> attribute.filter(found.element::hasAttr).map(found.element::attr);
        };
    }

    /** As {@link #text}, but the text keeps its no-break spaces, which group the digits of a number. */
    default Optional<String> numberText(Optional<String> attribute) {
        if (this instanceof OfTextNode(TextNode node)) {
            return Optional.of(Texts.ofNumber(node));
        }
        return this instanceof OfElement(Element element) && attribute.isEmpty()
                ? Optional.of(Texts.ofNumber(element))
                : text(attribute);
    }

    /** The element and what is in it, as markup, text or Markdown; what is no element is text. */
    default String written(Reading.Type type, Visit visit) {
        if (this instanceof OfElement(Element element)) {
            return switch (type) {
                case TEXT -> PlainText.of(element, visit.textView());
                case MARKDOWN -> Markdown.of(element, visit.textView());
                case HTML, STRING, NUMBER, INTEGER, BOOLEAN, URL, DATE -> element.outerHtml();
            };
        }
        String text = text(Optional.empty()).orElse("");
        return type == Reading.Type.MARKDOWN ? Markdown.ofText(text) : text;
    }
}
