package fanout.internal.markup;

import org.jsoup.nodes.Element;

/**
 * An attribute as a node, which jsoup's are not. Equal to another if it is the same one of the same element. Immutable.
 */
public record XPathAttribute(Element owner, String name, String value) {}
