package fanout.internal.markup;

/**
 * Why a page cannot be read as a stream: markup whose place in the document, or whose being there at all, only the
 * construction of the tree decides.
 */
public enum NeedsTree {
    /**
     * {@code template} with a table or a template in it, before the body, or within {@code noscript}: it has insertion
     * modes of its own.
     */
    TEMPLATE,
    /** {@code frameset} and {@code frame}: they may take the place of the body, and of all links in it. */
    FRAMES,
    /** {@code math}, and {@code svg} with anything but drawings and their titles in it, or not well-formed. */
    FOREIGN_CONTENT,
    /** {@code plaintext}, and {@code name}, an element that jsoup takes for the end of a scope. */
    ODD_ELEMENT,
    /**
     * In a table and in no cell: a link, a title, a table, a frame, {@code noscript} or a drawing. They move before the
     * table.
     */
    MOVED_BEFORE_TABLE,
    /**
     * A cell that the end tag of the other kind of cell ends, or that ends while an {@code object}, {@code applet} or
     * {@code marquee} is open in it; or tables nested deeper than {@value TreeOrder.OpenTables#MOST}.
     */
    TABLE_CELLS,
    /** A script in which a comment holds {@code <script}: where it ends depends on what follows. */
    SCRIPT_IN_COMMENT,
    /** An {@code iframe}, {@code script} or the like within {@code noscript} that closes itself, as XML does. */
    NOSCRIPT,
    /** A title that never ends. */
    OPEN_TITLE,
    /** More elements within each other than {@value TreeOrder.OpenElements#MOST}: a document has a deepest level. */
    NESTING,
    /** A link with more than {@value Tag#MOST_ATTRIBUTES} attributes: a document keeps so many of an element. */
    ATTRIBUTES,
    /** The character U+FFFF, which jsoup takes for the end of the page. */
    END_MARK
}
