package fanout.internal.markup;

import fanout.internal.limit.ParseTime;
import fanout.internal.markup.Expr.Axis;
import fanout.internal.markup.Expr.Test;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.DocumentType;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.ProcessingInstruction;
import org.jsoup.nodes.TextNode;
import org.jsoup.nodes.XmlDeclaration;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one evaluation as XPath sees them: jsoup's own, {@link XPathAttribute}s, and a root. The root is the
 * document; where only an element is looked at, it is an object above that, as if the element were a document's only
 * one. Each node that a walk comes to counts as a step of the parse's time. Confined to one thread.
 */
@SuppressWarnings("ReferenceEquality") // a node is that node
final class Tree {

    /** Takes nodes. */
    @FunctionalInterface
    interface Visitor {

        /** Returns whether the walk shall bring further nodes. */
        boolean visit(Object node);
    }

    /** Characters that take as long as a node. */
    private static final int CHARACTERS_A_STEP = 64;

    private final ParseTime time;
    private final Element top;
    private final Object root;

    Tree(Element top, ParseTime time) {
        this.time = time;
        this.top = top;
        this.root = top instanceof Document ? top : new Object();
    }

    Object root() {
        return root;
    }

    /** Where relative paths begin: the root element. */
    Object start() {
        @Nullable
        Element element = top instanceof Document ? top.firstElementChild() : top;
        return element == null ? root : element;
    }

    /** A node that was picked, for a caller who does not know the root above an element. */
    Object outside(Object node) {
        return node == root ? top : node;
    }

    @Nullable
    Object parent(Object node) {
        if (node instanceof XPathAttribute attribute) {
            return attribute.owner();
        }
        return node == root ? null : node == top ? root : ((Node) node).parent();
    }

    @Nullable
    private Object firstChild(Object node) {
        if (node == root && root != top) {
            return top;
        }
        return node instanceof Element element && element.childNodeSize() > 0 ? seen(element.childNode(0), true)
                : null;
    }

    @Nullable
    private Object lastChild(Object node) {
        if (node == root && root != top) {
            return top;
        }
        return node instanceof Element element && element.childNodeSize() > 0
                ? seen(element.childNode(element.childNodeSize() - 1), false)
                : null;
    }

    @Nullable
    private Object sibling(Object node, boolean isNext) {
        if (node == root || node == top || node instanceof XPathAttribute) {
            return null;
        }
        return seen(isNext ? ((Node) node).nextSibling() : ((Node) node).previousSibling(), isNext);
    }

    /** The node, or the next one in a direction that XPath knows. */
    @Nullable
    private static Object seen(@Nullable Node from, boolean isNext) {
        Node node = from;
        while (node instanceof DocumentType || node instanceof XmlDeclaration) {
            node = isNext ? node.nextSibling() : node.previousSibling();
        }
        return node;
    }

    /** Brings the nodes of an axis in its order; returns whether the visitor has taken all. */
    boolean walk(Axis axis, Object node, Visitor visitor) {
        return switch (axis) {
            case SELF -> visit(node, visitor);
            case CHILD -> siblings(firstChild(node), true, visitor);
            case DESCENDANT -> descendants(node, visitor);
            case DESCENDANT_OR_SELF -> visit(node, visitor) && descendants(node, visitor);
            case ATTRIBUTE -> attributes(node, visitor);
            case NAMESPACE -> true;
            case PARENT -> visitIfAny(parent(node), visitor);
            case ANCESTOR -> ancestors(parent(node), visitor);
            case ANCESTOR_OR_SELF -> ancestors(node, visitor);
            case FOLLOWING_SIBLING -> siblings(sibling(node, true), true, visitor);
            case PRECEDING_SIBLING -> siblings(sibling(node, false), false, visitor);
            case FOLLOWING -> following(node, visitor);
            case PRECEDING -> preceding(node, visitor);
        };
    }

    private boolean visit(Object node, Visitor visitor) {
        time.spend(1);
        return visitor.visit(node);
    }

    private boolean visitIfAny(@Nullable Object node, Visitor visitor) {
        return node == null || visit(node, visitor);
    }

    private boolean siblings(@Nullable Object first, boolean isNext, Visitor visitor) {
        for (Object node = first; node != null; node = sibling(node, isNext)) {
            if (!visit(node, visitor)) {
                return false;
            }
        }
        return true;
    }

    private boolean ancestors(@Nullable Object first, Visitor visitor) {
        for (Object node = first; node != null; node = parent(node)) {
            if (!visit(node, visitor)) {
                return false;
            }
        }
        return true;
    }

    private boolean attributes(Object node, Visitor visitor) {
        if (!(node instanceof Element element) || element.attributesSize() == 0) {
            return true;
        }
        for (Attribute attribute : element.attributes()) {
            String name = attribute.getKey();
            boolean declaresNamespace = name.equals("xmlns") || name.startsWith("xmlns:");
            if (!declaresNamespace && !visit(new XPathAttribute(element, name, attribute.getValue()), visitor)) {
                return false;
            }
        }
        return true;
    }

    private boolean descendants(Object from, Visitor visitor) {
        Object node = firstChild(from);
        while (node != null) {
            if (!visit(node, visitor)) {
                return false;
            }
            Object following = firstChild(node);
            for (Object up = node; following == null && up != null && up != from; up = parent(up)) {
                following = sibling(up, true);
            }
            node = following;
        }
        return true;
    }

    private boolean following(Object node, Visitor visitor) {
        if (node instanceof XPathAttribute attribute && !descendants(attribute.owner(), visitor)) {
            return false;
        }
        for (Object up = owner(node); up != null; up = parent(up)) {
            for (Object after = sibling(up, true); after != null; after = sibling(after, true)) {
                if (!visit(after, visitor) || !descendants(after, visitor)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean preceding(Object node, Visitor visitor) {
        for (Object up = owner(node); up != null; up = parent(up)) {
            for (Object before = sibling(up, false); before != null; before = sibling(before, false)) {
                if (!backwards(before, visitor)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Object owner(Object node) {
        return node instanceof XPathAttribute attribute ? attribute.owner() : node;
    }

    /** A node and all that is in it, the last first. */
    private boolean backwards(Object from, Visitor visitor) {
        Object node = deepestLast(from);
        while (visit(node, visitor)) {
            if (node == from) {
                return true;
            }
            Object before = sibling(node, false);
            Object up = parent(node);
            node = before != null ? deepestLast(before) : up != null ? up : from;
        }
        return false;
    }

    private Object deepestLast(Object from) {
        Object node = from;
        for (Object last = node; last != null; last = lastChild(last)) {
            node = last;
        }
        return node;
    }

    boolean passes(Axis axis, Test test, Object node) {
        boolean hasName = axis == Axis.ATTRIBUTE ? node instanceof XPathAttribute
                : node instanceof Element && node != root;
        return switch (test) {
            case Test.Named(String name) -> hasName && name.equals(name(node));
            case Test.Prefixed(String prefix) -> hasName && name(node).startsWith(prefix);
            case Test.AnyNode _ -> true;
            case Test.Text _ -> node instanceof TextNode || node instanceof DataNode;
            case Test.Comment _ -> node instanceof Comment;
            case Test.Instruction(var target) -> node instanceof ProcessingInstruction found
                    && target.map(found.target()::equals).orElse(true);
        };
    }

    /** The name with its prefix; empty for nodes that have none. */
    String name(Object node) {
        return switch (node) {
            case XPathAttribute attribute -> attribute.name();
            case Element element when element != root -> element.tagName();
            case ProcessingInstruction instruction -> instruction.target();
            default -> "";
        };
    }

    /** The string-value. */
    String text(Object node) {
        return switch (node) {
            case XPathAttribute attribute -> attribute.value();
            case TextNode text -> text.getWholeText();
            case DataNode data -> data.getWholeData();
            case Comment comment -> comment.getData();
            case ProcessingInstruction instruction -> instruction.data();
            default -> textInside(node);
        };
    }

    private String textInside(Object node) {
        StringBuilder out = new StringBuilder();
        descendants(node, inside -> {
            if (inside instanceof TextNode || inside instanceof DataNode) {
                String text = text(inside);
                out.append(text);
                spendOn(text);
            }
            return true;
        });
        return out.toString();
    }

    /** Counts the reading of a text. */
    void spendOn(String text) {
        time.spend(1 + text.length() / CHARACTERS_A_STEP);
    }

    /** The language of a node, in lower case; empty if the page does not say. */
    String language(Object node) {
        for (Object up = owner(node); up instanceof Element element; up = parent(up)) {
            for (String key : List.of("xml:lang", "lang")) {
                if (element.hasAttr(key)) {
                    return element.attr(key).toLowerCase(Locale.ROOT);
                }
            }
        }
        return "";
    }

    /** Document order: ancestors first, then the attributes of an element in its order, then what is in it. */
    Comparator<Object> order() {
        return (a, b) -> {
            time.spend(1);
            return a.equals(b) ? 0 : compare(a, b);
        };
    }

    private int compare(Object a, Object b) {
        Object ofA = owner(a);
        Object ofB = owner(b);
        if (ofA == ofB) {
            return a == ofA ? -1 : b == ofB ? 1 : attributeIndex(a) - attributeIndex(b);
        }
        int depthA = depth(ofA);
        int depthB = depth(ofB);
        Object upA = up(ofA, depthA - depthB);
        Object upB = up(ofB, depthB - depthA);
        if (upA == upB) {
            return depthA - depthB; // one is inside the other, attributes included
        }
        while (true) {
            Object parentA = parent(upA);
            Object parentB = parent(upB);
            if (parentA == parentB || parentA == null || parentB == null) {
                return ((Node) upA).siblingIndex() - ((Node) upB).siblingIndex();
            }
            upA = parentA;
            upB = parentB;
        }
    }

    private int depth(Object node) {
        int depth = 0;
        for (Object up = parent(node); up != null; up = parent(up)) {
            depth++;
        }
        return depth;
    }

    private Object up(Object node, int levels) {
        Object up = node;
        for (int i = 0; i < levels; i++) {
            Object parent = parent(up);
            up = parent == null ? up : parent;
        }
        return up;
    }

    private static int attributeIndex(Object node) {
        XPathAttribute attribute = (XPathAttribute) node;
        int index = 0;
        for (Attribute other : attribute.owner().attributes()) {
            if (other.getKey().equals(attribute.name())) {
                return index;
            }
            index++;
        }
        return index;
    }
}
