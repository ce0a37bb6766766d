package fanout.link;

import fanout.item.Match;
import fanout.item.Query;
import fanout.item.QueryScope;
import fanout.job.FollowRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jsoup.nodes.Document;

/** A job's follow rules, compiled: what they pick instead of the standard link set. Immutable. */
public final class LinkRules {

    private record Rule(Query query, String attr, Optional<String> label) {}

    private final List<Rule> rules;

    public LinkRules(List<FollowRule> rules) {
        this.rules = rules.stream()
                .map(rule -> new Rule(Query.of(rule.selector()), rule.attr(), rule.label()))
                .toList();
    }

    /** The links of a page, those of the first rule first. */
    List<FoundLink> find(Document document) {
        QueryScope scope = QueryScope.ofDocument(document);
        List<FoundLink> links = new ArrayList<>();
        for (Rule rule : rules) {
            rule.query.in(scope)
                    .forEach(match -> match.text(Optional.of(rule.attr))
                            .ifPresent(href -> links.add(new FoundLink(href, rule.label, isNofollow(match)))));
        }
        return links;
    }

    private static boolean isNofollow(Match match) {
        return match instanceof Match.OfElement found && PageWalk.isNofollow(found.element());
    }
}
