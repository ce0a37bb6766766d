package fanout.job;

import fanout.internal.json.JsonPointer;
import fanout.internal.markup.XPathExpression;
import java.util.Optional;
import java.util.regex.Pattern;
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
     * An XPath 1.0 expression that selects elements, texts or attributes ({@code //a/@href}), or computes a text. Names
     * are compared as they are written in the page, with their prefixes.
     */
    record XPath(String expression) implements Selector {
        public XPath {
            try {
                XPathExpression.compile(expression);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("not an XPath expression: " + expression + " (" + e.getMessage()
                        + ")", e);
            }
        }
    }

    /**
     * A JSON Pointer (RFC 6901) into the page, if that is JSON, otherwise into its JSON-LD: the blocks, the elements
     * of one that
     * is an array, and the nodes of a {@code @graph}. It picks each element of an array, or else the one value.
     *
     * <p>With a type it begins at a node of that {@code @type}. Without one, all fields of a rule look into the same
     * node: the first that has
     * all required ones, otherwise the one that has the most of them, and of several the first.
     *
     * <p>With an element it begins at the JSON that is written in that.
     *
     * @param jsonld as in {@code Product}; {@code https://schema.org/Product}, the same with http or www, and
     *     {@code schema:Product} are the same type, other IRIs are compared as a whole; empty: any node
     * @param in picks the element, of several the first; empty: JSON-LD, or the page if that is JSON
     */
    record Json(String expression, Optional<String> jsonld, Optional<Css> in) implements Selector {

        private static final Pattern SCHEMA_ORG = Pattern.compile("^(?:https?://(?:www\\.)?schema\\.org/|schema:)");

        public Json {
            JsonPointer.of(expression);
            Require.check(jsonld.isEmpty() || !jsonld.get().isBlank(), "jsonld", "must not be blank");
            Require.check(jsonld.isEmpty() || in.isEmpty(), "in", "does not go with jsonld");
        }

        /** Of JSON-LD, or of a page that is JSON. */
        public Json(String expression, Optional<String> jsonld) {
            this(expression, jsonld, Optional.empty());
        }

        /** Of any node. */
        public Json(String expression) {
            this(expression, Optional.empty());
        }

        /** The name of a type without the address of schema.org, in whichever way that is written. */
        public static String plainType(String type) {
            return SCHEMA_ORG.matcher(type.strip()).replaceFirst("");
        }
    }
}
