package fanout.job;

import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jsoup.select.QueryParser;
import org.jsoup.select.Selector.SelectorParseException;

/** Picks elements of a page, and from each its text or an attribute. */
public sealed interface Selector {

    /** The expression as the job has it. */
    String expression();

    /** A CSS selector, in jsoup's dialect. */
    record Css(String expression) implements Selector {
        public Css {
            try {
                QueryParser.parse(expression);
            } catch (SelectorParseException | IllegalArgumentException e) {
                throw new IllegalArgumentException("not a CSS selector: " + expression + " (" + e.getMessage() + ")",
                        e);
            }
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
}
