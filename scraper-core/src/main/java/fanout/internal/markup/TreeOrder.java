package fanout.internal.markup;

import fanout.internal.markup.Element.Role;
import org.jspecify.annotations.Nullable;

/**
 * Follows tree construction (HTML standard, section 13.2.6, as jsoup has it) as far as it takes to know that elements
 * come in the order of their tags, and whether they are in a template. Confined to one thread.
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

    /**
     * Which elements are open, as far as it takes to know how deep a document is at most: deeper than 512 levels, jsoup
     * closes elements for which the page has no end tag. An end tag counts only where it is sure to end its element, so
     * there are never more open than this says, and the copies of those that are formatting. Confined to one thread.
     */
    private static final class OpenElements {

        /** Below a quarter of the deepest level, because each formatting element may be open again in a copy. */
        static final int MOST = 120;

        private final long[] names = new long[MOST];
        private final Element[] elements = new Element[MOST];
        private int height;
        private int reopened;
        private boolean isLinkReopened;

        /** How many elements are open. */
        int height() {
            return height;
        }

        /** Formatting elements that a block has ended: they are opened again behind it. */
        int reopened() {
            return reopened;
        }

        /** Whether the depth would be beyond what can be vouched for, with so many elements more. */
        boolean isFull(int more) {
            return height + more + 2 * (reopened + (isLinkReopened ? 1 : 0)) > MOST;
        }

        /** Opens an element, whatever is open. */
        void open(long name, Element element) {
            names[height] = name;
            elements[height] = element;
            height++;
        }

        /** Opens an element, which may end the one before it. */
        void openNext(long name, Element element) {
            int ended = switch (element) {
                case A -> height > 0 && elements[height - 1] == Element.A ? height - 1 : -1;
                case OPTION -> height > 0 && elements[height - 1] == Element.OPTION ? height - 1 : -1;
                case P, LI -> find(element, element);
                case DD, DT -> find(Element.DD, Element.DT);
                default -> -1;
            };
            if (ended >= 0) {
                close(ended);
            }
            open(name, element);
        }

        /**
         * Where one of two elements is open, with nothing in it but paragraphs and formatting; negative if it is not.
         */
        private int find(Element either, Element or) {
            int at = height - 1;
            while (at >= 0 && elements[at] != either && elements[at] != or
                    && (elements[at].role() == Role.FORMATTING || elements[at] == Element.P)) {
                at--;
            }
            return at >= 0 && (elements[at] == either || elements[at] == or) ? at : -1;
        }

        /**
         * Closes an element at its end tag, if it is sure to be the one that ends.
         *
         * @param floor what is below stays open
         * @return whether it was closed
         */
        boolean close(long name, Element element, int floor) {
            if (element == Element.FORM) {
                return false; // it ends, but what is in it need not
            }
            boolean endsWhatIsWithin = element.role() == Role.BLOCK || element.role() == Role.IMPLIED_END;
            int at = height - 1;
            while (at >= floor && names[at] != name && endsWith(elements[at], endsWhatIsWithin)) {
                at--;
            }
            boolean isOpen = at >= floor && names[at] == name;
            if (isOpen) {
                close(at);
            }
            return isOpen;
        }

        private static boolean endsWith(Element within, boolean endsWhatIsWithin) {
            return switch (within.role()) {
                case FORMATTING -> true;
                case IMPLIED_END -> endsWhatIsWithin;
                case EMPTY, BLOCK, TEXT, TABLE_PART, OTHER -> false;
            };
        }

        /** Closes all above a height. */
        void close(int to) {
            for (; height > to; height--) {
                Element element = elements[height - 1];
                if (element == Element.A) {
                    isLinkReopened |= height - 1 > to;
                } else if (element.role() == Role.FORMATTING && height - 1 > to) {
                    reopened++;
                }
            }
        }

        /**
         * Closes all above a height, and forgets formatting elements that were ended since then: they are not opened
         * again.
         */
        void close(int to, int reopenedThen) {
            height = to;
            reopened = reopenedThen;
        }
    }

    /**
     * The tables that are open within each other, and where in them the page is: the insertion modes of tree
     * construction (HTML standard, sections 13.2.6.4.9 to 13.2.6.4.15). What is in a cell or a caption is in its place;
     * what is between them moves before the table. Confined to one thread.
     */
    private static final class OpenTables {

        static final int MOST = 16;

        /** As elements in the open ones: the table, a section, a row and a cell. */
        static final int LEVELS = 4;

        private enum Place {
            TABLE, CAPTION, SECTION, ROW, CELL
        }

        private final OpenElements open;
        private final Place[] places = new Place[MOST];
        private final Element[] sections = new Element[MOST];
        private final Element[] cells = new Element[MOST];
        private final int[] floors = new int[MOST];
        private final int[] reopened = new int[MOST];
        /** Elements that keep their formatting, and are open in the innermost cell. */
        private final int[] keepers = new int[MOST];
        private boolean isSure = true;
        private int depth;

        OpenTables(OpenElements open) {
            this.open = open;
        }

        /** Whether the page is in a table, and in no cell and no caption of it. */
        boolean isBetweenCells() {
            return depth > 0 && places[depth - 1] != Place.CELL && places[depth - 1] != Place.CAPTION;
        }

        /**
         * Whether all formatting of a cell ended with it. If it ends while an {@code object} is open in it, what comes
         * between this cell and the next is formatted as in the cell, and moves before the table with a copy of the
         * cell's link.
         */
        boolean isSure() {
            return isSure;
        }

        /** An element that keeps its formatting is opened, or closed. */
        void count(Element keeper, int difference) {
            if (depth > 0 && keeper.keepsFormatting()) {
                keepers[depth - 1] += difference;
            }
        }

        /** What was open where the innermost table, or its cell, began; 0 outside of tables. */
        int floor() {
            return depth == 0 ? 0 : floors[depth - 1];
        }

        boolean isFull() {
            return depth == MOST;
        }

        void open() {
            for (int i = 0; i < LEVELS; i++) {
                open.open(0, Element.TABLE);
            }
            places[depth] = Place.TABLE;
            sections[depth] = Element.TBODY;
            cells[depth] = Element.TD;
            floors[depth] = open.height();
            keepers[depth] = 0;
            depth++;
        }

        /** A part of a table begins; in none it is dropped. */
        void start(Element part) {
            if (depth == 0) {
                return;
            }
            leavePlace();
            int table = depth - 1;
            switch (part) {
                case CAPTION -> enter(Place.CAPTION);
                case TBODY, THEAD, TFOOT -> {
                    sections[table] = part;
                    enter(Place.SECTION);
                }
                case TR -> enterRow();
                case TD, TH -> {
                    if (places[table] != Place.ROW) {
                        enterRow();
                    }
                    cells[table] = part;
                    enter(Place.CELL);
                }
                default -> enter(Place.TABLE); // columns, between which is nothing
            }
        }

        private void enterRow() {
            if (places[depth - 1] == Place.TABLE) {
                sections[depth - 1] = Element.TBODY;
            }
            enter(Place.ROW);
        }

        private void enter(Place place) {
            places[depth - 1] = place;
            reopened[depth - 1] = open.reopened();
        }

        /** Ends a cell or a caption, and what is open between them. */
        private void leavePlace() {
            int table = depth - 1;
            isSure &= keepers[table] == 0;
            switch (places[table]) {
                case CELL -> {
                    open.close(floors[table], reopened[table]);
                    places[table] = Place.ROW;
                }
                case CAPTION -> {
                    open.close(floors[table], reopened[table]);
                    places[table] = Place.TABLE;
                }
                case TABLE, SECTION, ROW -> open.close(floors[table]);
            }
        }

        /**
         * A part of a table ends, or a table.
         *
         * @return false if it ends what it should not
         */
        boolean end(Element part) {
            if (depth == 0) {
                return true;
            }
            int table = depth - 1;
            Place place = places[table];
            switch (part) {
                case TABLE -> {
                    leavePlace();
                    depth--;
                    open.close(floors[table] - LEVELS);
                }
                case CAPTION -> endPlace(place == Place.CAPTION, Place.TABLE);
                case TD, TH -> {
                    if (place == Place.CELL && cells[table] != part) {
                        return false;
                    }
                    endPlace(place == Place.CELL, Place.ROW);
                }
                case TR -> endPlace(place == Place.CELL || place == Place.ROW, Place.SECTION);
                case TBODY, THEAD, TFOOT ->
                        endPlace((place == Place.CELL || place == Place.ROW || place == Place.SECTION)
                                && sections[table] == part, Place.TABLE);
                default -> {} // columns
            }
            return true;
        }

        private void endPlace(boolean isOpen, Place around) {
            if (isOpen) {
                leavePlace();
                enter(around);
            }
        }
    }
}
