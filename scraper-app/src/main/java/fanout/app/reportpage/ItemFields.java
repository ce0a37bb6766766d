package fanout.app.reportpage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many items each rule has extracted, and how many of them have a value in each field. Confined to one thread. */
final class ItemFields {

    private static final int MOST_RULES = 200;
    private static final int MOST_FIELDS = 500;

    private final boolean hasAllColumns;
    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private long items;

    /** @param hasAllColumns whether every item has the columns of all rules, as in CSV */
    ItemFields(boolean hasAllColumns) {
        this.hasAllColumns = hasAllColumns;
    }

    /** A rule and its fields. */
    static final class Rule {

        private final Map<String, Field> fields = new LinkedHashMap<>();
        private long items;

        long items() {
            return items;
        }

        Optional<Field> field(String name) {
            return Optional.ofNullable(fields.get(name));
        }
    }

    /** A field of a rule. */
    static final class Field {

        private long filled;
        private @Nullable String firstWithout;

        /** Returns how many items have a value in it. */
        long filled() {
            return filled;
        }

        /** Returns the page of the first item without one. */
        Optional<String> firstWithout() {
            return Optional.ofNullable(firstWithout);
        }
    }

    /** A field by its names. */
    record Named(String rule, String name, Field field, long items) {}

    void add(Row row) {
        items++;
        String rule = row.text("_rule");
        String name = rule == null ? "unnamed" : rule;
        if (!rules.containsKey(name) && rules.size() == MOST_RULES) {
            return;
        }
        Rule found = rules.computeIfAbsent(name, _ -> new Rule());
        found.items++;
        String url = row.text("_url");
        row.forEach((column, isFilled) -> {
            if (!column.equals("_url") && !column.equals("_rule") && found.fields.size() < MOST_FIELDS) {
                Field field = found.fields.computeIfAbsent(column, _ -> new Field());
                field.filled += isFilled ? 1 : 0;
                field.firstWithout = isFilled || field.firstWithout != null ? field.firstWithout : url;
            }
        });
    }

    long items() {
        return items;
    }

    Optional<Rule> rule(String name) {
        return Optional.ofNullable(rules.get(name));
    }

    /**
     * Returns the fields of all rules. In a file in which every item has all columns, a field belongs to the rules in
     * which it has values, or to all if it has none.
     */
    List<Named> fields() {
        List<Named> all = new ArrayList<>();
        rules.forEach((rule, found) -> found.fields.forEach((name, field) -> {
            boolean isOfAnother = hasAllColumns && field.filled == 0 && rules.values()
                    .stream()
                    .anyMatch(other -> other.field(name).filter(each -> each.filled > 0).isPresent());
            if (!isOfAnother) {
                all.add(new Named(rule, name, field, found.items));
            }
        }));
        all.sort(Comparator.comparing(Named::rule));
        return all;
    }
}
