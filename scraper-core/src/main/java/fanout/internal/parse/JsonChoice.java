package fanout.internal.parse;

import fanout.internal.json.JsonPointer;
import fanout.internal.json.JsonValue;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the JSON-LD that the fields of a rule are read from: one node for all fields of a type, and one for those
 * without a type, or a
 * rule would make an item of the shop's name and the product's number. Immutable.
 */
final class JsonChoice {

    /**
     * A place that a node should have.
     *
     * @param member of an object there; empty: the value itself
     * @param takesText whether it must be a text, a number, true or false, and not blank
     */
    private record Wanted(JsonPointer pointer, Optional<String> member, boolean takesText, boolean required) {

        private boolean isIn(JsonValue node) {
            return pointer.in(node)
                    .stream()
                    .flatMap(JsonValue::parts)
                    .flatMap(value -> new Match.OfJson(value).member(member).stream())
                    .anyMatch(value -> takesText ? value.text().filter(text -> !Texts.isBlank(text)).isPresent()
                            : !(value instanceof JsonValue.Nothing));
        }
    }

    private final Map<Optional<String>, List<Wanted>> wanted = new LinkedHashMap<>();

    JsonChoice(ExtractRule rule) {
        collect(rule.fields(), true, rule.each().filter(Selector.Json.class::isInstance).isPresent());
    }

    /** @param inJson whether pointers without a type begin at a part of JSON, which is no node to choose */
    private void collect(List<Field> fields, boolean required, boolean inJson) {
        for (Field field : fields) {
            boolean isRequired = required && field.required();
            switch (field.source()) {
                case Field.Selected selected when selected.selector() instanceof Selector.Json json
                        && json.in().isEmpty() -> {
                    if (!inJson || json.jsonld().isPresent()) {
                        want(json, selected.attr(), true, isRequired);
                    }
                }
                case Field.Nested nested when nested.each().orElse(null) instanceof Selector.Json json -> {
                    if (!inJson && json.jsonld().isEmpty() && json.in().isEmpty()) {
                        want(json, Optional.empty(), false, isRequired);
                    }
                    collect(nested.fields(), false, true);
                }
                case Field.Nested nested -> collect(nested.fields(), isRequired && nested.each().isEmpty(), inJson);
                case Field.Selected _,Field.OfPage _,Field.OfHeader _,Field.OfData _,Field.Constant _,Field.OfArticle _ ->
                        {}
            }
        }
    }

    private void want(Selector.Json json, Optional<String> member, boolean takesText, boolean required) {
        JsonLd.Place place = JsonLd.Place.of(json);
        wanted.computeIfAbsent(place.type(), _ -> new ArrayList<>())
                .add(new Wanted(place.pointer(), member, takesText, required));
    }

    /** The page with a node for each type that the fields ask for; empty where nothing is found in any. */
    QueryScope of(QueryScope page, ItemBudget budget) {
        Map<Optional<String>, Optional<JsonValue>> chosen = new HashMap<>();
        wanted.forEach((type, places) -> {
            if (type.isPresent() || !page.isJson()) {
                chosen.put(type, best(page.nodes(type), places, budget));
            }
        });
        return chosen.isEmpty() ? page : page.choosing(Map.copyOf(chosen));
    }

    /** The first that has all that is required, otherwise the one that has the most. */
    private static Optional<JsonValue> best(List<JsonValue> nodes, List<Wanted> places, ItemBudget budget) {
        List<Wanted> required = places.stream().filter(Wanted::required).toList();
        Optional<JsonValue> best = Optional.empty();
        long most = 0;
        for (JsonValue node : nodes) {
            budget.checkTime();
            if (!required.isEmpty() && required.stream().allMatch(place -> place.isIn(node))) {
                return Optional.of(node);
            }
            long found = places.stream().filter(place -> place.isIn(node)).count();
            if (found > most) {
                most = found;
                best = Optional.of(node);
            }
        }
        return best;
    }
}
