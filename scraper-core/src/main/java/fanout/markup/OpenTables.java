package fanout.markup;

/**
 * The tables that are open within each other, and where in them the page is: the insertion modes of tree construction (HTML
 * standard, sections 13.2.6.4.9 to 13.2.6.4.15). What is in a cell or a caption is in its place; what is between them moves
 * before the table. Confined to one thread.
 */
final class OpenTables {

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
     * Whether all formatting of a cell ended with it. If it ends while an {@code object} is open in it, what comes between this cell
     * and the next is formatted as in the cell, and moves before the table with a copy of the cell's link.
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
            case TBODY, THEAD, TFOOT -> endPlace((place == Place.CELL || place == Place.ROW || place == Place.SECTION)
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
