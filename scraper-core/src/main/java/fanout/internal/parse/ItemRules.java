package fanout.internal.parse;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.limit.WatchedPattern;
import fanout.job.ExtractRule;
import fanout.page.Item;
import fanout.page.PageItem;
import fanout.page.PageItem.Fate;
import fanout.page.Request;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * A job's extraction rules, compiled. All rules that match a page apply, in the job's order. Immutable.
 *
 * <p>Selectors follow jsoup: within {@code each}, CSS sees the element itself and what is in it, and XPath takes the
 * element for a whole document. So {@code //a} stays inside. JSON-LD is the page's, see {@link JsonChoice}.
 */
final class ItemRules {

    private final List<Rule> rules;

    public ItemRules(List<ExtractRule> rules) {
        this.rules = rules.stream().map(Rule::new).toList();
    }

    /**
     * What the rules found.
     *
     * @param dropped items that missed a required field
     */
    public record Items(List<Item> items, int dropped) {

        /** Of a page that no rule is for. */
        public static final Items NONE = new Items(List.of(), 0);
    }

    /**
     * Whether a rule is for this page.
     *
     * @throws java.io.UncheckedIOException as {@link #apply}
     */
    public boolean applyTo(Request request, ParseTime time) {
        for (Rule rule : rules) {
            if (rule.appliesTo(request, time)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Extracts a page's items.
     *
     * @throws java.io.UncheckedIOException of a {@link ParseStopped}, if the thread is interrupted or the deadline has
     *     passed
     * @throws ItemBudget.Exhausted if there is more than the page may give
     */
    public Items apply(PageFacts page, QueryScope content, ItemBudget budget) {
        List<Item> items = new ArrayList<>();
        Visit visit = new Visit(page, budget, Visit.Misses.IGNORED);
        int dropped = 0;
        for (Rule rule : rules) {
            if (rule.appliesTo(page.request(), ParseTime.current())) {
                // One by one: a scope that has been read is garbage.
                Iterator<QueryScope> scopes = rule.scopes(content, budget).iterator();
                while (scopes.hasNext()) {
                    ObjectReader.Found found = rule.read(scopes.next(), visit);
                    switch (found.fate()) {
                        case WRITTEN -> items.add(new Item(page.request().url(), rule.name(), found.values()));
                        case DROPPED -> dropped++;
                        case EMPTY, NO_MATCH -> {} // not written, and nothing is missed
                    }
                }
            }
        }
        return new Items(items, dropped);
    }

    /**
     * Applies the rules once more, for a caller that asks why values are missing.
     *
     * @throws java.io.UncheckedIOException as {@link #apply}
     * @throws ItemBudget.Exhausted if there is more than the page may give
     */
    public List<PageItem> explain(PageFacts page, QueryScope content, ItemBudget budget) {
        List<PageItem> places = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.appliesTo(page.request(), ParseTime.current())) {
                Iterator<QueryScope> scopes = rule.scopes(content, budget).iterator();
                if (!scopes.hasNext()) {
                    SequencedMap<String, String> why = new LinkedHashMap<>();
                    rule.each.ifPresent(each -> why.put("each", each.whyNoParts(content)));
                    places.add(new PageItem(rule.name(), Fate.NO_MATCH, why));
                }
                while (scopes.hasNext()) {
                    SequencedMap<String, String> missing = new LinkedHashMap<>();
                    Visit visit =
                            new Visit(page, budget, (field, reason) -> missing.putIfAbsent(field, reason.message()));
                    Fate fate = rule.read(scopes.next(), visit).fate();
                    places.add(new PageItem(rule.name(), fate, missing));
                }
            }
        }
        return places;
    }

    /** One rule with its selectors parsed. */
    private static final class Rule {

        private final ExtractRule rule;
        private final Optional<Query> each;
        private final ObjectReader fields;
        private final JsonChoice json;

        private Rule(ExtractRule rule) {
            this.rule = rule;
            this.each = rule.each().map(Query::of);
            this.fields = new ObjectReader(rule.fields());
            this.json = new JsonChoice(rule);
        }

        private String name() {
            return rule.name();
        }

        private boolean appliesTo(Request request, ParseTime time) {
            return rule.match()
                    .map(pattern -> WatchedPattern.isFoundIn(request.url().toString(), pattern, time::spend))
                    .orElse(true)
                    && (rule.label().isEmpty() || rule.label().equals(request.label()));
        }

        private Stream<QueryScope> scopes(QueryScope content, ItemBudget budget) {
            QueryScope choosing = json.of(content, budget);
            return each.map(query -> query.scopesIn(content, choosing)).orElse(Stream.of(choosing));
        }

        private ObjectReader.Found read(QueryScope scope, Visit visit) {
            visit.budget().checkTime();
            ObjectReader.Found found = fields.read(scope, visit, "");
            if (found.fate() == Fate.WRITTEN) {
                visit.budget().item();
            }
            return found;
        }
    }
}
