package fanout.app.sinks;

import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Reading;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Item;
import fanout.sink.PagesFile;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a table holds of a crawl: its columns, in order, and the rows of an outcome. Immutable.
 *
 * @param kind {@code pages} or {@code items}
 * @param columns with the types of their values
 * @param rows of an outcome, each with the values of the columns by their names; an absent value is null
 */
public record TableRows(
        String kind,
        Map<String, Type> columns,
        Function<Outcome, List<? extends Map<String, ? extends @Nullable Object>>> rows) {

    private static final Set<String> WHOLE_NUMBERS =
            Set.of("status", "redirects", "depth", "bytes", "links", "attempts", "durationMs");

    /** What the values of a column are. */
    enum Type {
        TEXT("TEXT"), INTEGER("INTEGER"), REAL("REAL"), BOOLEAN("BOOLEAN"),
        /** A whole number, of what is known of a page; it has no more than 64 bits. */
        COUNT("INTEGER"),
        /** An ISO 8601 date, with or without a time. */
        DATE("TEXT"),
        /** An instant. */
        TIME("TEXT"),
        /** A list or an object. */
        JSON("TEXT"),
        /** Values of different types, each of which stays what it is. */
        ANY("");

        private final String sqlite;

        Type(String sqlite) {
            this.sqlite = sqlite;
        }

        /** Returns the type of a column that has values of both. */
        private Type and(Type other) {
            return this == other ? this : !sqlite.equals(other.sqlite) ? ANY : sqlite.equals("TEXT") ? TEXT : INTEGER;
        }

        /** Returns what SQLite has for it; empty for a column without a type. */
        String sqlite() {
            return sqlite;
        }
    }

    /**
     * One row for each outcome, with the columns of other formats.
     *
     * @param hasExternal whether the crawl asks links out of scope
     */
    public static TableRows pages(boolean hasExternal) {
        Map<String, Type> columns = new LinkedHashMap<>();
        for (String name : PagesFile.columns(hasExternal)) {
            columns.put(name, WHOLE_NUMBERS.contains(name) ? Type.COUNT : Type.TEXT);
        }
        columns.replace("fetchedAt", Type.TIME);
        columns.replace("data", Type.JSON);
        if (hasExternal) {
            columns.replace("external", Type.BOOLEAN);
        }
        return new TableRows("pages", columns, outcome -> List.of(PagesFile.row(outcome, hasExternal)));
    }

    /**
     * One row for each item: its page, its rule, and the fields of all rules in the order in which they are first
     * declared. A field that several rules have is one column.
     */
    public static TableRows items(CrawlJob job) {
        Map<String, Type> columns = new LinkedHashMap<>(Map.of("_url", Type.TEXT));
        columns.put("_rule", Type.TEXT);
        for (ExtractRule rule : job.parsing().extract()) {
            for (Field field : rule.fields()) {
                columns.merge(field.name(), type(field.source()), Type::and);
            }
        }
        return new TableRows("items", columns, TableRows::items);
    }

    private static List<Map<String, @Nullable Object>> items(Outcome outcome) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        if (outcome instanceof Fetched fetched) {
            for (Item item : fetched.items()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>(item.fields());
                row.put("_url", item.url().toString());
                row.put("_rule", item.rule());
                rows.add(row);
            }
        }
        return rows;
    }

    private static Type type(Field.Source source) {
        return switch (source) {
            case Field.Selected selected -> selected.list() ? Type.JSON : type(selected.reading());
            case Field.OfPage page -> page.fact() == Field.Fact.DEPTH || page.fact() == Field.Fact.STATUS ? Type.ANY
                    : type(page.reading());
            case Field.OfHeader header -> type(header.reading());
            case Field.OfData data -> data.reading().map(TableRows::type).orElse(Type.ANY);
            case Field.Constant(Object value) -> switch (value) {
                case Boolean _ -> Type.BOOLEAN;
                case BigDecimal _ -> Type.REAL;
                case Long _,Integer _,BigInteger _ -> Type.INTEGER;
                default -> Type.TEXT;
            };
            case Field.Nested _ -> Type.JSON;
            case Field.OfArticle _ -> Type.TEXT;
        };
    }

    private static Type type(Reading reading) {
        return switch (reading.type()) {
            case NUMBER -> Type.REAL;
            case INTEGER -> Type.INTEGER;
            case BOOLEAN -> Type.BOOLEAN;
            case DATE -> Type.DATE;
            default -> Type.TEXT;
        };
    }

    /**
     * Returns a name that no column has, whatever its case: this one, or with marks behind it.
     *
     * @param columns the names that are taken
     */
    static String free(String name, Collection<String> columns) {
        String free = name;
        while (columns.stream().anyMatch(free::equalsIgnoreCase)) {
            free += "_";
        }
        return free;
    }
}
