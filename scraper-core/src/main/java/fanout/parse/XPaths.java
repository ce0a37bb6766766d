package fanout.parse;

import java.util.HashMap;
import java.util.Map;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;

/** XPath expressions, compiled once for a page, because they are not thread-safe. Confined to one thread. */
final class XPaths {

    private final Map<String, XPathExpression> compiled = new HashMap<>();
    private @Nullable XPath compiler;

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
