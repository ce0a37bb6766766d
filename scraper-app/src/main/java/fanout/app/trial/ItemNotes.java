package fanout.app.trial;

import fanout.job.ExtractRule;
import fanout.job.Parsing;
import fanout.job.Selector;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Attempt;
import fanout.page.Content;
import fanout.page.PageItem;
import fanout.page.PageItem.Fate;
import fanout.page.Request;
import fanout.page.ResponseHead;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a page has no items, or fewer than its author expects. */
final class ItemNotes {

    /** Kinds of empty and dropped items; the first ones show what is wrong. */
    private static final int MOST_KINDS = 10;

    private ItemNotes() {}

    static Stream<String> of(Outcome outcome, List<PageItem> places, Parsing parsing) {
        if (!(outcome instanceof Fetched page)) {
            return Stream.empty();
        }
        if (page.content().equals(Content.UNREAD)) {
            String type =
                    outcome.trail().last().flatMap(Attempt::head).flatMap(ResponseHead::contentType).orElse("this");
            return Stream.of(type + " is not parsed: only the types in parse.contentTypes are, "
                    + String.join(", ", parsing.contentTypes()));
        }
        if (parsing.extract().isEmpty()) {
            return Stream.of("the job has no rules under extract, so no page has items");
        }
        return Stream
                .of(missing(places, parsing.extract()),
                        parsing.extract().stream().flatMap(rule -> shared(rule, places).stream()),
                        parsing.extract().stream().flatMap(rule -> idle(rule, page.request()).stream()))
                .flatMap(notes -> notes);
    }

    /** Items of several elements that have their JSON in common. */
    private static Optional<String> shared(ExtractRule rule, List<PageItem> places) {
        boolean found = places.stream()
                .anyMatch(place -> place.rule().equals(rule.name()) && place.fate() != Fate.NO_MATCH);
        return Optional.of("the rule " + rule.name() + ": each narrows css and xpath, and json fields come from the "
                + "JSON-LD of the page, the same for each item (for an item of each node write each: {jsonld: Product, "
                + "json: \"\"})").filter(_ -> found && rule.sharesJson());
    }

    /** Why a rule is not for this page. */
    private static Optional<String> idle(ExtractRule rule, Request request) {
        if (rule.label().isPresent() && !rule.label().equals(request.label())) {
            return Optional.of("the rule " + rule.name() + " is for pages labelled " + rule.label().get()
                    + " (try has --label)");
        }
        return rule.match()
                .filter(match -> !match.isFoundIn(request.url().toString()))
                .map(match -> "the rule " + rule.name() + " is for URLs that match " + match);
    }

    /** One line for all places of a rule that came to the same. */
    private static Stream<String> missing(List<PageItem> places, List<ExtractRule> rules) {
        Map<PageItem, Integer> kinds = new LinkedHashMap<>();
        places.stream()
                .filter(place -> place.fate() != Fate.WRITTEN)
                .forEach(place -> kinds.merge(place, 1, Integer::sum));
        Stream<String> first = kinds.entrySet()
                .stream()
                .limit(MOST_KINDS)
                .map(kind -> said(kind.getKey(), kind.getValue(), rules));
        int further = kinds.values().stream().skip(MOST_KINDS).mapToInt(Integer::intValue).sum();
        return Stream.concat(first, further == 0 ? Stream.empty()
                : Stream.of("and " + further + " more, for other reasons"));
    }

    private static String said(PageItem place, int count, List<ExtractRule> rules) {
        return switch (place.fate()) {
            case NO_MATCH ->
                    "the rule " + place.rule() + ": " + each(place.rule(), rules) + " matches nothing in this page"
                            + place.missing()
                                    .values()
                                    .stream()
                                    .filter(why -> !why.equals("each matches nothing"))
                                    .map(why -> " (" + why + ")")
                                    .collect(Collectors.joining());
            case EMPTY ->
                    counted(count) + " not written, because all fields are empty: " + place.rule() + reasons(place);
            case DROPPED -> counted(count) + " dropped, because a required field is missing: " + place.rule()
                    + reasons(place);
            case WRITTEN -> throw new IllegalArgumentException("nothing is wrong with " + place);
        };
    }

    private static String counted(int count) {
        return count + (count == 1 ? " item was" : " items were");
    }

    private static String each(String rule, List<ExtractRule> rules) {
        return "each " + rules.stream()
                .filter(known -> known.name().equals(rule))
                .flatMap(known -> known.each().stream())
                .map(Selector::expression)
                .findFirst()
                .orElse("");
    }

    /** Each reason once, behind the fields that have it. */
    private static String reasons(PageItem place) {
        Map<String, List<String>> fields = place.missing()
                .keySet()
                .stream()
                .collect(Collectors.groupingBy(field -> place.missing().get(field), LinkedHashMap::new,
                        Collectors.toList()));
        return fields.entrySet()
                .stream()
                .map(reason -> reason.getValue().size() == 1 ? reason.getValue().getFirst() + ": " + reason.getKey()
                        : reason.getValue().size() + " fields, " + String.join(", ", reason.getValue()) + ": "
                                + reason.getKey())
                .collect(Collectors.joining("; ", " (", ")"));
    }
}
