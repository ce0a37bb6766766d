package fanout.markup;

import fanout.markup.Element.Role;
import org.jspecify.annotations.Nullable;

/**
 * Follows tree construction (HTML standard, section 13.2.6, as jsoup has it) as far as it takes to know that elements come
 * in the order of their tags, and whether they are in a template. Confined to one thread.
 */
final class TreeOrder {

    private final OpenElements open = new OpenElements();
    private final OpenTables tables = new OpenTables(open);
    private final OpenDrawing drawing = new OpenDrawing();

    /** Whether an element has begun the body. Text may have begun it before. */
    private boolean isInBody;

    /** What was open where {@code noscript} began: what is in it is a document of its own, and ends with it. */
    private int noscript = -1;

    /** What was open where {@code template} began. */
    private int template = -1;
    private int reopenedAtTemplate;

    private @Nullable NeedsTree reason;

    /** Why the order of the tags says no more; null if it does. */
    @Nullable
    NeedsTree reason() {
        return reason;
    }

    /** Returns whether the page is in a {@code template}, whose content is a document of its own. */
    boolean isInTemplate() {
        return template >= 0;
    }

    boolean isInDrawing() {
        return drawing.isOpen();
    }

    /** A start tag. */
    void start(Tag tag) {
        Element element = tag.element();
        if (drawing.isOpen()) {
            refuseUnless(drawing.start(tag), NeedsTree.FOREIGN_CONTENT);
        } else if (noscript >= 0) {
            startInNoscript(tag);
        } else {
            startInDocument(tag, element);
        }
    }

    private void startInDocument(Tag tag, Element element) {
        isInBody |= !mayBeInHead(element);
        if (tables.isBetweenCells()) {
            refuseIfMoved(element);
        }
        switch (element) {
            case TEMPLATE -> openTemplate(tag);
            case FRAMESET, FRAME -> reason = NeedsTree.FRAMES;
            case MATH -> reason = NeedsTree.FOREIGN_CONTENT;
            case PLAINTEXT, NAME -> reason = NeedsTree.ODD_ELEMENT;
            case HTML, HEAD, BODY -> {} // one of each, whatever the page says
            case NOSCRIPT -> {
                noscript = open.height();
                open(tag);
            }
            case SVG -> {
                if (!tag.closesItself()) {
                    drawing.open();
                }
            }
            case TABLE -> openTable();
            case CAPTION, COL, COLGROUP, TBODY, TD, TFOOT, TH, THEAD, TR -> {
                refuseUnless(template < 0, NeedsTree.TEMPLATE);
                tables.start(element);
                refuseUnless(tables.isSure(), NeedsTree.TABLE_CELLS);
            }
            default -> startInBody(tag, element);
        }
    }

    private void startInBody(Tag tag, Element element) {
        if (element.role() == Role.EMPTY || element.role() == Role.TEXT) {
            return;
        }
        refuseUnless(!open.isFull(1), NeedsTree.NESTING);
        if (reason == null) {
            open.openNext(tag.name(), element);
            tables.count(element, 1);
        }
    }

    /** In the body it is an element, as long as there is no table in it, which would begin with any of its parts. */
    private void openTemplate(Tag tag) {
        refuseUnless(isInBody && template < 0, NeedsTree.TEMPLATE);
        template = open.height();
        reopenedAtTemplate = open.reopened();
        open(tag);
    }

    private void openTable() {
        refuseUnless(template < 0, NeedsTree.TEMPLATE);
        refuseUnless(!tables.isFull(), NeedsTree.TABLE_CELLS);
        refuseUnless(!open.isFull(OpenTables.LEVELS), NeedsTree.NESTING);
        if (reason == null) {
            tables.open();
        }
    }

    private void startInNoscript(Tag tag) {
        if (tag.element() == Element.TEMPLATE) {
            refuseUnless(false, NeedsTree.TEMPLATE);
        } else if (tag.element().role() == Role.TEXT) {
            refuseUnless(!tag.closesItself(), NeedsTree.NOSCRIPT);
        } else if (tag.element().role() != Role.EMPTY && tag.element() != Element.FRAME
                && tag.element() != Element.COL) {
            open(tag);
        }
    }

    private void open(Tag tag) {
        refuseUnless(!open.isFull(1), NeedsTree.NESTING);
        if (reason == null) {
            open.open(tag.name(), tag.element());
        }
    }

    private static boolean mayBeInHead(Element element) {
        return switch (element) {
            case HTML, HEAD, BASE, BASEFONT, BGSOUND, LINK, META, NOFRAMES, NOSCRIPT, STYLE, SCRIPT, TEMPLATE,
                    TITLE ->
                    true;
            default -> false;
        };
    }

    private void refuseIfMoved(Element element) {
        boolean isMoved = switch (element) {
            case A, AREA, BASE, IFRAME, LINK, META, NOSCRIPT, SVG, TABLE, TEMPLATE, TITLE -> true;
            default -> false;
        };
        refuseUnless(!isMoved, NeedsTree.MOVED_BEFORE_TABLE);
    }

    private void refuseUnless(boolean condition, NeedsTree otherwise) {
        if (!condition && reason == null) {
            reason = otherwise;
        }
    }

    /** An end tag. */
    void end(Tag tag) {
        Element element = tag.element();
        if (drawing.isOpen()) {
            refuseUnless(drawing.end(tag), NeedsTree.FOREIGN_CONTENT);
        } else if (noscript >= 0) {
            endInNoscript(tag);
        } else if (element == Element.TABLE || element.role() == Role.TABLE_PART) {
            refuseUnless(template < 0, NeedsTree.TEMPLATE);
            refuseUnless(tables.end(element) && tables.isSure(), NeedsTree.TABLE_CELLS);
        } else if (element == Element.TEMPLATE) {
            endTemplate();
        } else if (open.close(tag.name(), element, Math.max(tables.floor(), template + 1))) {
            tables.count(element, -1);
        }
    }

    private void endTemplate() {
        if (template >= 0) {
            open.close(template, reopenedAtTemplate);
            template = -1;
        }
    }

    private void endInNoscript(Tag tag) {
        if (tag.element() == Element.NOSCRIPT) {
            open.close(noscript, open.reopened());
            noscript = -1;
        } else {
            open.close(tag.name(), tag.element(), noscript + 1);
        }
    }
}
