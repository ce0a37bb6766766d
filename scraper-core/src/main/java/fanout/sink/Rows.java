package fanout.sink;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file of rows, one a line. A row is written by {@link #begin}, a {@link #cell} for each column in order, and
 * {@link #end}. A row that was begun and not ended never reaches the file. Confined to the thread that writes.
 */
sealed interface Rows permits JsonRows, CsvRows {

    void begin();

    /**
     * Writes the row's next value.
     *
     * @param value of a type that {@link fanout.page.Item#fields} may hold
     * @throws IllegalArgumentException if it is of another type
     */
    void cell(String column, @Nullable Object value);

    void end() throws IOException;

    OutputFile file();

    /** Returns whether the file continues that of an earlier run, which wrote no column of this name. */
    default boolean isResumedWithout(String column) throws IOException {
        return false;
    }
}
