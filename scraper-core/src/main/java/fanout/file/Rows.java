package fanout.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file of rows, one a line. For each row: {@link #begin}, a {@link #cell} for each column in order, {@link #end}. A row
 * that was begun and not ended never reaches the file. Confined to the thread that writes.
 */
sealed interface Rows permits JsonRows, CsvRows {

    void begin();

    /**
     * Writes the row's next value.
     *
     * @param value what {@link fanout.page.Item#fields} may hold
     * @throws IllegalArgumentException if it is of another type
     */
    void cell(String column, @Nullable Object value);

    void end() throws IOException;

    OutputFile file();
}
