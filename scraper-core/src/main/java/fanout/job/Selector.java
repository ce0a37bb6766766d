package fanout.job;

import fanout.json.JsonPointer;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jsoup.select.QueryParser;
import org.jsoup.select.Selector.SelectorParseException;

/** Picks elements of a page, or values of a JSON document, and from each its text or an attribute. */
public sealed interface Selector {

    /** The expression as the job has it. */
    String expression();

    /** A CSS selector, in jsoup's dialect. */
    record Css(String expression) implements Selector {
        public Css {
            PseudoElements.cure(expression).ifPresent(cure -> {
                throw new IllegalArgumentException(cure);
            });
            try {
                QueryParser.parse(expression);
            } catch (SelectorParseException | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "not a CSS selector: " + expression + " (" + reason(expression, e) + ")", e);
            }
        }

        /** The parser only says that it wants a text where a name is missing. */
        private static String reason(String expression, RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (expression.isBlank()) {
                return "it is empty";
            }
            return reason.equals("String must not be empty") ? "a name is missing, behind a dot or in brackets"
                    : reason;
        }
    }

    /**
     * An XPath 1.0 expression that selects elements, or attributes by a last step {@code /@name}.
     */
    record XPath(String expression) implements Selector {
        public XPath {
            try {
                XPathFactory.newInstance().newXPath().compile(expression);
            } catch (XPathExpressionException e) {
                throw new IllegalArgumentException("not an XPath expression: " + expression, e);
            }
        }
    }

    /**
     * A JSON Pointer (RFC 6901): into the page, if that is JSON, else into the first JSON-LD block of the page (or of what is
     * looked at) that has it, in itself or in its {@code @graph}. It picks each element of an array, or else the one value.
     */
    record Json(String expression) implements Selector {
        public Json {
            JsonPointer.of(expression);
        }
    }
}
