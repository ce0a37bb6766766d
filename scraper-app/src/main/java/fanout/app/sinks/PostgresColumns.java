package fanout.app.sinks;

import fanout.app.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What rows are in PostgreSQL: the types of their columns, and values that it has. Stateless. */
final class PostgresColumns {

    private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "citext", "json", "jsonb");
    private static final Set<String> REALS = Set.of("numeric", "float4", "float8");
    private static final Set<String> WHOLE = Set.of("int2", "int4", "int8");
    private static final Set<String> TIMES = Set.of("timestamptz", "timestamp");
    private static final int MOST_DIGITS = 131_072;
    private static final int MOST_DECIMALS = 16_383;

    private PostgresColumns() {}

    /** Returns the type of a column that is created. Whole numbers of a page may be of any length. */
    static String created(TableRows.Type type) {
        return switch (type) {
            case TEXT, DATE -> "text";
            case INTEGER, REAL -> "numeric";
            case BOOLEAN -> "boolean";
            case COUNT -> "bigint";
            case TIME -> "timestamptz";
            case JSON, ANY -> "jsonb";
        };
    }

    /**
     * Returns whether a column that is there takes such values.
     *
     * @param found its type in the system's catalogue; that under a domain
     */
    static boolean fits(TableRows.Type type, String found) {
        boolean isText = TEXTS.contains(found);
        return switch (type) {
            case TEXT -> isText && !found.startsWith("json");
            case DATE -> isText || found.equals("date") || TIMES.contains(found);
            case TIME -> isText || TIMES.contains(found);
            case INTEGER, COUNT -> isText || REALS.contains(found) || WHOLE.contains(found);
            case REAL -> isText || REALS.contains(found);
            case BOOLEAN -> isText || found.equals("bool");
            case JSON, ANY -> isText;
        };
    }

    /** Returns a row as an object of JSON on one line. */
    static String json(Iterable<String> columns, Map<String, ? extends @Nullable Object> row) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        columns.forEach(column -> object.put(column, value(row.get(column))));
        return Json.line(object);
    }

    /**
     * Returns what PostgreSQL has for a value. It has no NUL in a text, which becomes the mark for a character that is
     * not known, and no number beyond its own limits, which is missing.
     */
    private static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text(text);
            case Double real when !Double.isFinite(real) -> null;
            case Float real when !Float.isFinite(real) -> null;
            case BigDecimal number when number.signum() != 0
                    && ((long) number.precision() - number.scale() > MOST_DIGITS || number.scale() > MOST_DECIMALS) ->
                    null;
            case List<?> list -> list(list);
            case Map<?, ?> map -> object(map);
            default -> value;
        };
    }

    private static List<@Nullable Object> list(List<?> list) {
        List<@Nullable Object> values = new ArrayList<>();
        list.forEach(element -> values.add(value(element)));
        return values;
    }

    private static Map<String, @Nullable Object> object(Map<?, ?> map) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        map.forEach((key, value) -> object.put(text(key.toString()), value(value)));
        return object;
    }

    private static String text(String text) {
        return String.valueOf(Json.wellFormed(text)).replace('\0', '\uFFFD');
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Returns names as a list, each with something before it. */
    static String names(String before, List<String> names) {
        return names.stream().map(name -> before + quoted(name)).collect(Collectors.joining(", "));
    }
}
