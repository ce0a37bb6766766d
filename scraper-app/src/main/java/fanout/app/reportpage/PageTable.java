package fanout.app.reportpage;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of the page. Its script sorts it by the column whose heading is pressed; without a script it is as it was
 * written. On a narrow screen each row becomes a block with its cells below one another.
 *
 * @param title what it shows, which a screen reader says
 * @param total how many rows there are; the others are left out, and said
 * @param whole where the others are, in words
 */
record PageTable(String title, List<Column> columns, List<List<Cell>> rows, long total, String whole) {

    PageTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /** A table that leaves out nothing. */
    static PageTable of(String title, List<Column> columns, List<List<Cell>> rows) {
        return new PageTable(title, columns, rows, rows.size(), "");
    }

    /** @param kind "num" for numbers, "url" for what may be long, or empty */
    record Column(String name, String kind) {}

    /**
     * A cell.
     *
     * @param order what the table is sorted by; null: its text
     */
    record Cell(@Nullable String order, Markup.Content content) {

        static Cell text(String text) {
            return new Cell(null, markup -> markup.text(text));
        }

        static Cell number(long value, String shown) {
            return new Cell(String.valueOf(value), markup -> markup.text(shown));
        }

        static Cell number(long value) {
            return number(value, Words.number(value));
        }

        static Cell link(String url) {
            return new Cell(url, markup -> markup.link(url));
        }

        static Cell of(Markup.Content content) {
            return new Cell(null, content);
        }
    }

    void writeTo(Markup markup) throws IOException {
        markup.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Table: " + title)
                .open("table", "class", "sortable", "role", "table")
                .line();
        markup.element("caption", title).open("thead", "role", "rowgroup").open("tr", "role", "row");
        for (Column column : columns) {
            markup.element("th", column.name, "scope", "col", "role", "columnheader", "class", kind(column));
        }
        markup.close("tr").close("thead").line().open("tbody", "role", "rowgroup").line();
        for (List<Cell> row : rows) {
            markup.open("tr", "role", "row");
            for (int i = 0; i < row.size(); i++) {
                markup.open("td", "role", "cell", "class", kind(columns.get(i)), "data-label", columns.get(i).name,
                        "data-v", row.get(i).order);
                row.get(i).content.writeTo(markup);
                markup.close("td");
            }
            markup.close("tr").line();
        }
        markup.close("tbody").close("table").close("div").line();
        if (total > rows.size()) {
            markup.element("p", "These are " + Words.number(rows.size()) + " of " + Words.number(total) + "; " + whole
                    + ". scraper report --rows shows more.", "class", "muted rest").line();
        }
    }

    private static @Nullable String kind(Column column) {
        return column.kind.isEmpty() ? null : column.kind;
    }
}
