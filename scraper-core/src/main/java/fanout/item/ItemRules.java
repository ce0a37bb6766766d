package fanout.item;

import fanout.job.ExtractRule;
import fanout.limit.ParseStopped;
import fanout.page.Item;
import fanout.page.Request;
import fanout.url.LinkBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;

/**
 * A job's extraction rules, compiled. All rules that match a page apply, in the job's order. Immutable.
 *
 * <p>Selectors follow jsoup: within {@code each}, CSS sees the element itself and what is in it, and XPath takes the element
 * for a whole document, so {@code //a} stays inside.
 */
public final class ItemRules {

    private final List<Rule> rules;

    public ItemRules(List<ExtractRule> rules) {
        this.rules = rules.stream().map(Rule::new).toList();
    }

    /**
     * What the rules found.
     *
     * @param dropped items that missed a required field
     */
    public record Items(List<Item> items, int dropped) {}

    /**
     * Extracts a page's items.
     *
     * @throws java.io.UncheckedIOException of a {@link ParseStopped}, if the thread is interrupted or the deadline has passed
     * @throws ItemBudget.Exhausted if there is more than the page may give
     */
    public Items apply(Request request, Document page, LinkBase base, ItemBudget budget) {
        List<Item> items = new ArrayList<>();
        QueryScope document = QueryScope.ofDocument(page);
        int dropped = 0;
        for (Rule rule : rules) {
            if (rule.appliesTo(request)) {
                // One by one: a scope that has been read is garbage, with its copy for XPath.
                Iterator<QueryScope> scopes = rule.scopes(document).iterator();
                while (scopes.hasNext()) {
                    budget.checkTime();
                    SequencedMap<String, @Nullable Object> values = rule.read(scopes.next(), base, budget);
                    if (rule.missesRequired(values)) {
                        dropped++;
                    } else if (!values.values().stream().allMatch(FieldReader::isMissing)) {
                        budget.item();
                        items.add(new Item(request.url(), rule.name(), values));
                    }
                }
            }
        }
        return new Items(items, dropped);
    }

    /** One rule with its selectors parsed. */
    private static final class Rule {

        private final ExtractRule rule;
        private final Optional<Query> each;
        private final List<FieldReader> fields;

        private Rule(ExtractRule rule) {
            this.rule = rule;
            this.each = rule.each().map(Query::of);
            this.fields = rule.fields().stream().map(FieldReader::new).toList();
        }

        private String name() {
            return rule.name();
        }

        private boolean appliesTo(Request request) {
            return rule.match().map(pattern -> pattern.matcher(request.url().toString()).find()).orElse(true)
                    && (rule.label().isEmpty() || rule.label().equals(request.label()));
        }

        private Stream<QueryScope> scopes(QueryScope document) {
            return each.map(query -> query.elementsIn(document).map(document::within))
                    .orElse(Stream.of(document));
        }

        private SequencedMap<String, @Nullable Object> read(QueryScope scope, LinkBase base, ItemBudget budget) {
            SequencedMap<String, @Nullable Object> values = new LinkedHashMap<>();
            for (FieldReader field : fields) {
                values.put(field.name(), field.read(scope, base, budget));
            }
            return values;
        }

        private boolean missesRequired(SequencedMap<String, @Nullable Object> values) {
            return fields.stream()
                    .anyMatch(field -> field.isRequired() && FieldReader.isMissing(values.get(field.name())));
        }
    }
}
