package fanout.internal.markup;

import fanout.internal.limit.ParseTime;
import java.util.List;
import org.jsoup.nodes.Element;

/**
 * An expression of XPath 1.0, ready to be evaluated over jsoup's nodes. It differs from the recommendation where pages
 * do: there are no namespaces, so that names, prefixes included, are compared as they are written
 * ({@code //media:content}); {@code id()} looks at the attributes of this name, and {@code lang()} at {@code lang},
 * too. There are no variables.
 *
 * <p>An evaluation looks at the time after some hundred nodes or some thousand characters, wherever it is, see
 * {@link ParseTime#spend}. Immutable.
 */
public final class XPathExpression {

    private final Expr expr;

    private XPathExpression(Expr expr) {
        this.expr = expr;
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is not XPath, with the reason and the place; or if it nests more than a
     *     hundred levels
     */
    public static XPathExpression compile(String text) {
        return new XPathExpression(Parser.parse(text));
    }

    /** Whether it gives nodes; {@link #text} otherwise. */
    public boolean givesNodes() {
        return expr.type() == Expr.Type.NODES;
    }

    /**
     * Returns the nodes that it selects, in document order: jsoup's, or {@link XPathAttribute}s.
     *
     * @param scope a document; or an element, which is taken for the only one of a document
     * @throws java.io.UncheckedIOException of a {@link fanout.internal.limit.ParseStopped}, if the parse is to end
     */
    public List<Object> nodes(Element scope, ParseTime time) {
        return new Evaluation(scope, time).nodes(expr);
    }

    /**
     * Returns what it computes, as a text.
     *
     * @throws java.io.UncheckedIOException as {@link #nodes}
     */
    public String text(Element scope, ParseTime time) {
        return new Evaluation(scope, time).text(expr);
    }
}
