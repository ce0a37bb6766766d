package fanout.link;

import fanout.item.Match;
import fanout.item.Query;
import fanout.item.QueryScope;
import fanout.job.FollowRule;
import fanout.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A job's follow rules, compiled: what they pick instead of the standard link set. Immutable. */
public final class LinkRules {

    private record Rule(Query query, String attr, Optional<String> label) {}

    private final List<Rule> rules;

    public LinkRules(List<FollowRule> rules) {
        this.rules = rules.stream()
                .map(rule -> new Rule(Query.of(rule.selector()), rule.attr(), rule.label()))
                .toList();
    }

    /** Whether there is a selector that looks at a page. */
    public boolean select() {
        return !rules.isEmpty();
    }

    /** The links of a page, those of the first rule first. */
    List<FoundLink> find(Supplier<QueryScope> scope) {
        List<FoundLink> links = new ArrayList<>();
        for (Rule rule : rules) {
            rule.query.in(scope.get())
                    .forEach(match -> link(match, rule.attr)
                            .ifPresent(href -> links.add(new FoundLink(href, rule.label, isNofollow(match)))));
        }
        return links;
    }

    /** A string of a JSON document is a link itself. */
    private static Optional<String> link(Match match, String attr) {
        return match instanceof Match.OfJson(JsonValue.Text(String link)) ? Optional.of(link)
                : match.text(Optional.of(attr));
    }

    private static boolean isNofollow(Match match) {
        return match instanceof Match.OfElement found && PageLinks.isNofollow(found.element().attr("rel"));
    }
}
