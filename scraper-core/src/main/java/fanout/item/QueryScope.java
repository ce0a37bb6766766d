package fanout.item;

import fanout.json.JsonPointer;
import fanout.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathEvaluationResult;
import javax.xml.xpath.XPathEvaluationResult.XPathResultType;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathNodes;
import org.jsoup.helper.W3CDom;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Selector.SelectorParseException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Node;

/**
 * What selectors look at: a page's document, one element of it, or JSON. Where there is JSON there are no elements, but pointers
 * into a document look into its JSON-LD. XPath needs the JDK's DOM, a copy, which is made when
 * the first XPath asks for it, of this element only. Confined to one thread.
 *
 * <p>The JDK's DOM is asked directly rather than through jsoup's {@code selectXpath}, which returns neither attributes nor
 * texts, and which would copy the document for every expression.
 */
public final class QueryScope {

    private final Element element;
    private final XPaths xpaths;
    private @Nullable Node context;
    private @Nullable List<JsonValue> json;

    private QueryScope(Element element, XPaths xpaths, @Nullable List<JsonValue> json) {
        this.element = element;
        this.xpaths = xpaths;
        this.json = json;
    }

    public static QueryScope ofDocument(Element document) {
        return new QueryScope(document, new XPaths(), null);
    }

    /** A page that is JSON, with a document that has nothing in it. */
    public static QueryScope ofJson(JsonValue page, Element nothing) {
        return new QueryScope(nothing, new XPaths(), List.of(page));
    }

    /** An element of this scope as a scope. */
    QueryScope within(Element part) {
        return new QueryScope(part, xpaths, null);
    }

    /** A part of this scope's JSON as a scope. */
    QueryScope within(JsonValue part) {
        return new QueryScope(new Element("json"), xpaths, List.of(part));
    }

    /** What is at a place in the JSON: the page, or the first JSON-LD that has something there. */
    Stream<JsonValue> json(JsonPointer pointer) {
        if (json == null) {
            json = JsonLd.in(element);
        }
        return json.stream()
                .flatMap(document -> pointer.in(document).stream())
                .filter(found -> !(found instanceof JsonValue.Nothing))
                .limit(1);
    }

    Element element() {
        return element;
    }

    Stream<Match> evaluate(String xpath) {
        try {
            XPathExpression expression = xpaths.compiled(xpath);
            Node from = context();
            XPathEvaluationResult<?> result = expression.evaluateExpression(from);
            return result.type() == XPathResultType.NODESET
                    ? matches((XPathNodes) result.value()).stream()
                    : Stream.of(new Match.OfText((String) expression.evaluate(from, XPathConstants.STRING)));
        } catch (XPathExpressionException e) {
            throw new SelectorParseException(e, "XPath failed: %s", xpath);
        }
    }

    private Node context() {
        if (context == null) {
            SelectorLimits.checkSize(element, "XPath");
            context = xpaths.converted(asDocument());
        }
        return context;
    }

    /** jsoup would convert the whole page for each of its elements, and {@code //a} would look at all of it. */
    private Document asDocument() {
        if (element instanceof Document document) {
            return document;
        }
        Document document = new Document(element.baseUri());
        document.appendChild(element.clone());
        return document;
    }

    private static List<Match> matches(XPathNodes nodes) {
        List<Match> matches = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            Object source = node.getUserData(W3CDom.SourceProperty);
            if (source instanceof Element found) {
                matches.add(new Match.OfElement(found));
            } else if (source instanceof TextNode found) {
                matches.add(new Match.OfTextNode(found));
            } else if (node.getNodeValue() != null) {
                matches.add(new Match.OfText(node.getNodeValue()));
            }
        }
        return matches;
    }
}
