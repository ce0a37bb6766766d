package fanout.sink;

import fanout.journal.Position;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * One line for each item of every fetched page: {@code _url}, {@code _rule}, then the item's fields.
 *
 * <p>Used by one thread at a time, as every sink is. Owns its {@link OutputFile} and closes it. A field that cannot be
 * written is an {@code IllegalArgumentException}: a field named {@code _url} or {@code _rule}, a value of a type that
 * {@link Item} does not list, and in CSV a field that is not among the columns.
 */
public sealed class ItemsFile implements Sink {

    private static final String URL = "_url";
    private static final String RULE = "_rule";

    private final Rows rows;
    /** The columns of a CSV file; empty for JSON Lines, where every item has its own. */
    private final SequencedSet<String> columns;

    private ItemsFile(Rows rows, SequencedSet<String> columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** Items as JSON Lines, each with its own fields in its own order. */
    public static ItemsFile jsonLines(OutputFile file) {
        return of(new JsonRows(file), new LinkedHashSet<>());
    }

    /**
     * Items as CSV, with a header.
     *
     * @param fields the names that items may use; repeats are dropped
     */
    public static ItemsFile csv(OutputFile file, Collection<String> fields) throws IOException {
        return csv(file, fields, CsvStyle.STANDARD);
    }

    /** As {@link #csv(OutputFile, Collection)}, in another style. */
    public static ItemsFile csv(OutputFile file, Collection<String> fields, CsvStyle style) throws IOException {
        SequencedSet<String> columns = new LinkedHashSet<>(fields);
        List<String> header = new ArrayList<>(List.of(URL, RULE));
        header.addAll(columns);
        return of(new CsvRows(file, header, style), columns);
    }

    @Override
    public void write(Outcome outcome) throws IOException {
        if (outcome instanceof Fetched fetched) {
            for (Item item : fetched.items()) {
                write(item);
            }
        }
    }

    private void write(Item item) throws IOException {
        boolean csv = rows instanceof CsvRows;
        for (String field : item.fields().keySet()) {
            if (field.equals(URL) || field.equals(RULE) || (csv && !columns.contains(field))) {
                throw new IllegalArgumentException(
                        "an item of " + item.rule() + " has a field that has no column: " + field);
            }
        }
        rows.begin();
        rows.cell(URL, item.url().toString());
        rows.cell(RULE, item.rule());
        for (String field : csv ? columns : item.fields().keySet()) {
            rows.cell(field, item.fields().get(field));
        }
        rows.end();
    }

    @Override
    public void flush() throws IOException {
        file().flush();
    }

    @Override
    public void close() throws IOException {
        file().close();
    }

    private static ItemsFile of(Rows rows, SequencedSet<String> columns) {
        return rows.file().isResumable() ? new ResumableItems(rows, columns) : new ItemsFile(rows, columns);
    }

    final OutputFile file() {
        return rows.file();
    }

    /** On a file that was opened to be resumed. */
    private static final class ResumableItems extends ItemsFile implements ResumableSink {

        private ResumableItems(Rows rows, SequencedSet<String> columns) {
            super(rows, columns);
        }

        @Override
        public Position commit() throws IOException {
            return file().commit();
        }

        @Override
        public void resumeAt(Position position) throws IOException {
            file().resumeAt(position);
        }
    }
}
