package fanout.markup;

/** The elements that say where a page links to, and how. */
public enum LinkElement {
    A, AREA, BASE, FRAME, IFRAME, LINK, META
}
