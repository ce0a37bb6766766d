package fanout.internal.parse;

import fanout.internal.json.JsonPointer;
import fanout.internal.json.JsonValue;
import fanout.internal.json.JsonValue.Elements;
import fanout.internal.json.JsonValue.Members;
import fanout.internal.json.JsonValue.Nothing;
import fanout.internal.json.JsonValue.Numeral;
import fanout.internal.json.JsonValue.Text;
import fanout.internal.json.JsonValue.Truth;
import fanout.job.FollowRule;
import fanout.job.Selector;
import fanout.page.PageFollow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A job's follow rules, compiled: what they pick instead of the standard link set. Immutable. */
final class LinkRules {

    /** @param name what a person knows it by */
    private record Rule(String name, Query query, String attr, Optional<String> label) {

        private static Rule of(FollowRule rule) {
            String name = switch (rule.selector()) {
                case Selector.Css(String css) -> "css " + css;
                case Selector.XPath(String xpath) -> "xpath " + xpath;
                case Selector.Json(String pointer, Optional<String> type) ->
                        type.map(found -> "jsonld " + found + ", ").orElse("") + "json " + pointer;
            };
            return new Rule(name, Query.of(rule.selector()), rule.attr(), rule.label());
        }
    }

    /** What a match holds: a link as it is spelt, or the reason why not. */
    private sealed interface Held {
        record Href(String text) implements Held {}

        record NoLink(String reason) implements Held {}
    }

    /**
     * What the rules pick in a page.
     *
     * @param links those of the first rule first
     * @param rules each rule's matches; links that turn out to be no URLs are among them
     */
    record Picked(List<FoundLink> links, List<PageFollow> rules) {

        static final Picked NOTHING = new Picked(List.of(), List.of());
    }

    private final List<Rule> rules;

    public LinkRules(List<FollowRule> rules) {
        this.rules = rules.stream().map(Rule::of).toList();
    }

    /** Whether there is a selector that looks at a page. */
    public boolean select() {
        return !rules.isEmpty();
    }

    /** What people know the rules by, in the job's order. */
    public List<String> names() {
        return rules.stream().map(Rule::name).toList();
    }

    /** The links of a page, and what each rule came to. */
    Picked find(Supplier<QueryScope> scope) {
        List<FoundLink> links = new ArrayList<>();
        List<PageFollow> found = new ArrayList<>();
        for (int number = 0; number < rules.size(); number++) {
            Rule rule = rules.get(number);
            Set<String> reasons = new LinkedHashSet<>();
            int before = links.size();
            int matches = 0;
            for (Iterator<Match> all = rule.query.in(scope.get()).iterator(); all.hasNext(); matches++) {
                Match match = all.next();
                switch (held(match, rule.attr)) {
                    case Held.Href(String href) ->
                            links.add(new FoundLink(href, rule.label, isNofollow(match), number));
                    case Held.NoLink(String reason) -> reasons.add(reason);
                }
            }
            found.add(new PageFollow(rule.name, matches, links.size() - before, List.copyOf(reasons)));
        }
        return new Picked(links, found);
    }

    /** The same, with the reason why a rule has no match. */
    public List<PageFollow> explained(List<PageFollow> found, QueryScope scope) {
        return IntStream.range(0, found.size())
                .mapToObj(number -> found.get(number).matches() > 0 ? found.get(number)
                        : new PageFollow(found.get(number).entry(), 0, 0,
                                List.of(rules.get(number).query.whyNothing(scope))))
                .toList();
    }

    private static Held held(Match match, String attr) {
        if (match instanceof Match.OfJson(JsonValue value)) {
            return inJson(value, attr);
        }
        return match.text(Optional.of(attr))
                .map(LinkRules::notBlank)
                .orElseGet(() -> new Held.NoLink("no attribute \"" + attr + "\""));
    }

    /**
     * A string is a link itself, an object holds one. A number is part of an address at most, and there is no telling
     * of which.
     */
    private static Held inJson(JsonValue value, String attr) {
        return switch (value) {
            case Text(String link) -> notBlank(link);
            case Members _ -> JsonPointer.toMember(attr)
                    .in(value)
                    .map(member -> member instanceof Text(String link) ? notBlank(link)
                            : new Held.NoLink("its member \"" + attr + "\" is " + member.kind() + ", not a string"))
                    .orElseGet(() -> new Held.NoLink("an object without the member \"" + attr + "\""));
            case Elements _,Numeral _,Truth _,Nothing _ -> new Held.NoLink("it is " + value.kind() + ", not a string");
        };
    }

    /** An empty one would be the page itself, which no rule is written for. */
    private static Held notBlank(String link) {
        return link.isBlank() ? new Held.NoLink("the text is empty") : new Held.Href(link);
    }

    private static boolean isNofollow(Match match) {
        return match instanceof Match.OfElement found && PageLinks.isNofollow(found.element().attr("rel"));
    }
}
