package fanout.internal.text;

import java.util.Arrays;
import java.util.Locale;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jspecify.annotations.Nullable;

/** Tells tables of data from those that only arrange a page, and finds the columns of their cells. */
final class Tables {

    /** As browsers do. */
    private static final int MOST_ROWS_OF_A_CELL = 65_534;

    private Tables() {}

    /** Returns whether an element is in a table of data. */
    static boolean isInData(Element cell) {
        for (Element around = cell.parent(); around != null; around = around.parent()) {
            if (around.normalName().equals("table")) {
                return isData(around);
            }
        }
        return false;
    }

    /** Returns whether a table has cells in lines and columns, and none that is a part of the page by itself. */
    static boolean isData(Element table) {
        String role = table.attributesSize() == 0 ? "" : table.attr("role").toLowerCase(Locale.ROOT);
        return !role.equals("presentation") && !role.equals("none") && !holdsParts(table) && columns(table) > 1;
    }

    private static boolean holdsParts(Element element) {
        int count = element.childNodeSize();
        for (int i = 0; i < count; i++) {
            TextView.spend(0);
            if (element.childNode(i) instanceof Element child) {
                Shape shape = Shape.of(child);
                boolean isPart = shape == Shape.TABLE || shape == Shape.HEADING || shape == Shape.QUOTE
                        || Shape.isGutter(child);
                if (isPart || holdsParts(child)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the rows of a table, one after the other. */
    static Iterable<Element> rows(Element table) {
        return () -> table.stream()
                .filter(row -> row.normalName().equals("tr"))
                .peek(_ -> TextView.spend(0))
                .iterator();
    }

    /** Returns the most cells of a row, where those that begin above are counted, too. */
    static int columns(Element table) {
        Columns columns = new Columns();
        int most = 0;
        for (Element row : rows(table)) {
            columns.nextRow();
            for (Element cell = columns.first(row); cell != null; cell = columns.next(cell)) {
                columns.place(cell);
            }
            most = Math.max(most, columns.width());
        }
        return most;
    }

    /** Returns whether a cell heads a column or a row. */
    static boolean isHeading(Element cell) {
        return cell.normalName().equals("th");
    }

    /** Where cells stand, row after row. Confined to one thread. */
    static final class Columns {

        /** For how many further rows the cell of a column goes down. */
        private int[] down = new int[8];
        private int next;

        void nextRow() {
            next = 0;
        }

        @Nullable
        Element first(Element row) {
            return cell(row.firstElementChild());
        }

        @Nullable
        Element next(Element cell) {
            return cell(cell.nextElementSibling());
        }

        private static @Nullable Element cell(@Nullable Element element) {
            Element cell = element;
            while (cell != null && Shape.of(cell) != Shape.CELL) {
                cell = cell.nextElementSibling();
            }
            TextView.spend(0);
            return cell;
        }

        /** Returns the column of the next cell of this row. */
        int place(Element cell) {
            while (next < down.length && down[next] > 0) {
                TextView.spend(0);
                down[next++]--;
            }
            if (next == down.length) {
                down = Arrays.copyOf(down, 2 * down.length);
            }
            down[next] = span(cell, "rowspan", MOST_ROWS_OF_A_CELL) - 1;
            return next++;
        }

        /** Leaves columns empty, and returns the next one. */
        int skip(int columns) {
            next += Math.max(0, columns);
            if (next > down.length) {
                down = Arrays.copyOf(down, Math.max(next, 2 * down.length));
            }
            return next;
        }

        /** Returns in how many columns this row has had cells. */
        int width() {
            return next;
        }
    }

    /** Returns how many columns a cell wants. */
    static int columnsOf(Element cell) {
        return span(cell, "colspan", 1_000);
    }

    private static int span(Element cell, String attribute, int most) {
        String text = cell.attributesSize() == 0 ? "" : cell.attr(attribute).strip();
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 1;
        }
        return Math.clamp(Integer.parseInt(text), 1, most);
    }

    /** Returns how a cell's column is aligned, as the line below the head says it. */
    static String rule(@Nullable Element cell) {
        if (cell == null || cell.attributesSize() == 0) {
            return "---";
        }
        String style = cell.attr("style").replace(" ", "").toLowerCase(Locale.ROOT);
        String align = cell.attr("align").toLowerCase(Locale.ROOT);
        if (align.equals("right") || style.contains("text-align:right")) {
            return "---:";
        }
        return align.equals("center") || style.contains("text-align:center") ? ":---:" : "---";
    }

    /** Returns the caption of a table, if it has one. */
    static @Nullable Element caption(Element table) {
        int count = table.childNodeSize();
        for (int i = 0; i < count; i++) {
            Node child = table.childNode(i);
            if (child instanceof Element element && element.normalName().equals("caption")) {
                return element;
            }
        }
        return null;
    }
}
