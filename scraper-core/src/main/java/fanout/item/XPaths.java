package fanout.item;

import java.util.HashMap;
import java.util.Map;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jsoup.helper.W3CDom;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Node;

/**
 * The JDK's XPath for one page: expressions compiled once, because they are slow to make and not thread-safe, and the
 * converter to its DOM, for the same reasons. Confined to one thread.
 */
final class XPaths {

    private final Map<String, XPathExpression> compiled = new HashMap<>();
    private @Nullable XPath compiler;
    private @Nullable W3CDom converter;

    /** The JDK's copy of a document: its root element. */
    Node converted(Document document) {
        if (converter == null) {
            converter = new W3CDom().namespaceAware(false);
        }
        return converter.contextNode(converter.fromJsoup(document));
    }

    XPathExpression compiled(String expression) throws XPathExpressionException {
        XPathExpression known = compiled.get(expression);
        if (known != null) {
            return known;
        }
        if (compiler == null) {
            compiler = XPathFactory.newDefaultInstance().newXPath();
        }
        XPathExpression made = compiler.compile(expression);
        compiled.put(expression, made);
        return made;
    }
}
