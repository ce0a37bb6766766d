package fanout.app.reportpage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result file, by column. A cell is a {@code String}, a {@code Long}, a {@code Boolean}, null, or one of
 * {@link #FILLED} and {@link #EMPTY} for what is not looked into. Used again for the next row; confined to one thread.
 */
final class Row {

    /** A number with a fraction, or a list or object with members. */
    static final Object FILLED = new Object();
    /** A list or object without members. */
    static final Object EMPTY = new Object();

    private final Map<String, @Nullable Object> cells = new LinkedHashMap<>();

    void clear() {
        cells.clear();
    }

    void put(String column, @Nullable Object cell) {
        cells.put(column, cell);
    }

    /** Returns the text of a cell; null if the row lacks it. */
    @Nullable
    String text(String column) {
        return cells.get(column) instanceof String text && !text.isEmpty() ? text : null;
    }

    /** Returns the number of a cell, which CSV has as text; the other number if the row lacks it. */
    long number(String column, long otherwise) {
        return switch (cells.get(column)) {
            case Long number -> number;
            case String text -> parsed(text, otherwise);
            case null, default -> otherwise;
        };
    }

    private static long parsed(String text, long otherwise) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise; // a column of another kind has no number for us
        }
    }

    /** Returns whether a cell is true, which CSV has as text. */
    boolean isTrue(String column) {
        Object cell = cells.get(column);
        return Boolean.TRUE.equals(cell) || "true".equals(cell);
    }

    /** Calls for every cell, in the order of the file, with whether it has a value: not null, and not empty. */
    void forEach(BiConsumer<String, Boolean> consumer) {
        cells.forEach((column, cell) -> consumer.accept(column, cell != null && !cell.equals("") && cell != EMPTY));
    }
}
