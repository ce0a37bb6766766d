package fanout.internal.parse;

import fanout.internal.codec.Sha256;
import fanout.internal.json.JsonPointer;
import fanout.internal.json.JsonValue;
import fanout.internal.json.JsonValue.Elements;
import fanout.internal.json.JsonValue.Members;
import fanout.internal.json.JsonValue.Nothing;
import fanout.internal.json.JsonValue.Numeral;
import fanout.internal.json.JsonValue.Text;
import fanout.internal.json.JsonValue.Truth;
import fanout.internal.parse.FormSubmission.Outcome;
import fanout.internal.parse.FoundLink.Target;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.FormFill;
import fanout.job.Secrets;
import fanout.job.Selector;
import fanout.page.PageFollow;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jsoup.nodes.Element;

/** A job's follow rules, compiled: what they pick instead of the standard link set. Immutable. */
final class LinkRules {

    /** What the standard set is called. */
    static final String STANDARD_SET = "standard";

    private static final String NO_LINKS = "the page has no link of the standard set";

    /** Where a rule finds links, compiled. */
    private sealed interface Source {
        record Picked(Query query, String attr) implements Source {}

        record Template(FollowRule.Template written, ObjectReader values, Optional<Query> when) implements Source {}

        record Form(FormSubmission submission) implements Source {}

        record StandardSet() implements Source {}
    }

    /** @param name what a person knows it by */
    private record Rule(String name, Source source, FollowRule written, ObjectReader data) {

        private static Rule of(FollowRule rule, Secrets secrets) {
            ObjectReader data = new ObjectReader(rule.data());
            return switch (rule.source()) {
                case FollowRule.Picked(Selector selector, String attr) ->
                        new Rule(name(selector), new Source.Picked(Query.of(selector), attr), rule, data);
                case FollowRule.Template template -> new Rule(
                        "request " + template.request().method() + " " + template.request().url(),
                        new Source.Template(template, new ObjectReader(template.values()),
                                template.when().map(Query::of)),
                        rule, data);
                case FollowRule.Form(FormFill fill, boolean refers, Optional<List<String>> identity) -> new Rule(
                        "form " + fill.form().expression(),
                        new Source.Form(new FormSubmission(fill, identity,
                                refers ? Optional.of(secrets) : Optional.empty())),
                        rule, data);
                case FollowRule.StandardSet _ -> new Rule(STANDARD_SET, new Source.StandardSet(), rule, data);
            };
        }

        private static String name(Selector selector) {
            return switch (selector) {
                case Selector.Css(String css) -> "css " + css;
                case Selector.XPath(String xpath) -> "xpath " + xpath;
                case Selector.Json(String pointer, Optional<String> type, Optional<Selector.Css> in) ->
                        type.map(found -> "jsonld " + found + ", ").orElse("") + "json " + pointer
                                + in.map(css -> ", in " + css.expression()).orElse("");
            };
        }

        private boolean selects() {
            boolean own = switch (source) {
                case Source.Picked _,Source.Form _ -> true;
                case Source.Template template -> template.when.isPresent() || select(template.written.values());
                case Source.StandardSet _ -> false;
            };
            return own || select(written.data());
        }

        private Target target(Optional<Request.Details> details) {
            return new Target(written.label(), details, written.include(), written.exclude());
        }
    }

    /** The data of a rule's requests in a page, or the reason why they are missing there. */
    private sealed interface Data {
        record Known(Map<String, Object> values) implements Data {}

        record Missing(String reason) implements Data {}
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

    /** A job may have hundreds of rules, each of which makes a request of the same small page. */
    private static final int MOST_CHARACTERS = TemplateRequest.MOST_CHARACTERS;

    private final List<Rule> rules;

    /** @param secrets to which forms may refer */
    public LinkRules(List<FollowRule> rules, Secrets secrets) {
        this.rules = rules.stream().map(rule -> Rule.of(rule, secrets)).toList();
    }

    /** Whether there is a selector that looks at a page. */
    public boolean select() {
        return rules.stream().anyMatch(Rule::selects);
    }

    /** What people know the rules by, in the job's order. */
    public List<String> names() {
        return rules.stream().map(Rule::name).toList();
    }

    /**
     * The links of a page, and what each rule came to.
     *
     * @param standard the links of the standard set
     */
    Picked find(List<FoundLink> standard, Supplier<QueryScope> scope, Visit visit) {
        List<FoundLink> links = new ArrayList<>();
        List<PageFollow> found = new ArrayList<>();
        long room = MOST_CHARACTERS;
        for (int number = 0; number < rules.size(); number++) {
            Rule rule = rules.get(number);
            Set<String> reasons = new LinkedHashSet<>();
            List<FoundLink> own = new ArrayList<>();
            int matches = switch (rule.source) {
                case Source.StandardSet _ -> {
                    own.addAll(standard);
                    yield linked(rule, own, own.size(), scope, visit, reasons);
                }
                case Source.Picked picked -> {
                    int all = pick(picked, scope.get(), own, reasons);
                    yield linked(rule, own, all, scope, visit, reasons);
                }
                case Source.Template template -> request(rule, template, own, scope, visit, reasons);
                case Source.Form form -> submit(rule, form, own, scope, visit, reasons);
            };
            long made = made(own);
            if (made > room) {
                reasons.add("the requests that the page leads to have more than " + MOST_CHARACTERS + " characters");
                own.clear();
                made = 0;
            }
            room -= made;
            for (FoundLink link : own) {
                links.add(link.pickedFor(link.target(), number));
            }
            found.add(new PageFollow(rule.name, matches, own.size(), List.copyOf(reasons)));
        }
        return new Picked(links, found);
    }

    /** Returns the characters that a rule adds to those of the page: what its links share, and a URL that it filled. */
    private static long made(List<FoundLink> own) {
        return own.isEmpty() ? 0
                : own.getFirst().target().details().map(Request.Details::characters).orElse(0)
                        + (own.size() == 1 ? own.getFirst().href().length() : 0);
    }

    /** Gives links what their requests have in common. If a value for that is missing, none is left. */
    private static int linked(Rule rule, List<FoundLink> links, int matches, Supplier<QueryScope> scope, Visit visit,
            Set<String> reasons) {
        FollowRule written = rule.written;
        boolean isPlain = written.priority() == 0 && written.data().isEmpty();
        if (isPlain || links.isEmpty()) {
            Target target = rule.target(Optional.empty());
            links.replaceAll(link -> link.pickedFor(target, link.rule()));
            return matches;
        }
        try {
            switch (data(rule, scope, visit)) {
                case Data.Known(Map<String, Object> data) -> {
                    Target target = rule.target(Optional.of(new Request.Details(Request.Method.GET, Map.of(),
                            Optional.empty(), written.priority(), data)));
                    links.replaceAll(link -> link.pickedFor(target, link.rule()));
                }
                case Data.Missing(String reason) -> {
                    reasons.add(reason);
                    links.clear();
                }
            }
        } catch (IllegalArgumentException e) { // more data than a request may have
            reasons.add(String.valueOf(e.getMessage()));
            links.clear();
        }
        return matches;
    }

    /** Makes the request of a template, and returns 1 if the page has all that it needs. */
    private static int request(Rule rule, Source.Template source, List<FoundLink> links, Supplier<QueryScope> scope,
            Visit visit, Set<String> reasons) {
        if (source.when.isPresent() && source.when.get().in(scope.get()).findAny().isEmpty()) {
            reasons.add("when: " + source.when.get().whyNothing(scope.get()));
            return 0;
        }
        Map<String, String> missing = new LinkedHashMap<>();
        Visit asking = new Visit(visit.facts(), visit.budget(),
                (name, miss) -> missing.putIfAbsent(name, miss.message()));
        List<Field> fields = source.written.values();
        ObjectReader.Found found = source.values.read(scopeOf(fields, scope), asking, "");
        Map<String, Object> values = new LinkedHashMap<>();
        for (Field field : fields) {
            Object value = found.values().get(field.name());
            if (value == null || Texts.saysNothing(value)) {
                reasons.add("values." + field.name() + ": " + missing.getOrDefault(field.name(), "the text is empty"));
                return 0;
            }
            values.put(field.name(), value);
        }
        TemplateRequest request = new TemplateRequest(source.written.request(), values);
        try {
            switch (data(rule, scope, visit)) {
                case Data.Known(Map<String, Object> data) -> links.add(new FoundLink(request.href(),
                        rule.target(Optional.of(identified(request, source.written.identity(), visit.facts().base(),
                                request.details(rule.written.priority(), data)))),
                        false, FoundLink.STANDARD));
                case Data.Missing(String reason) -> reasons.add(reason);
            }
        } catch (IllegalArgumentException e) { // a value that cannot be sent
            reasons.add(String.valueOf(e.getMessage()));
        }
        return 1;
    }

    /** Makes the request of a form, and returns 1 if the page has the form and the button. */
    private static int submit(Rule rule, Source.Form source, List<FoundLink> links, Supplier<QueryScope> scope,
            Visit visit, Set<String> reasons) {
        PageFacts facts = visit.facts();
        FormSubmission.FormPage page = new FormSubmission.FormPage(scope.get().element(), facts.request().url(),
                facts.base(), facts.charset());
        switch (source.submission.in(page)) {
            case Outcome.Missing(String reason) -> {
                reasons.add(reason);
                return 0;
            }
            case Outcome.Refused(String reason) -> reasons.add(reason);
            case Outcome.Submitted submitted -> {
                try {
                    switch (data(rule, scope, visit)) {
                        case Data.Known(Map<String, Object> data) -> links.add(new FoundLink(
                                submitted.url().toString(),
                                rule.target(Optional.of(submitted.details(rule.written.priority(), data))),
                                submitted.isNofollow(), FoundLink.STANDARD));
                        case Data.Missing(String reason) -> reasons.add(reason);
                    }
                } catch (IllegalArgumentException e) { // more data than a request may have
                    reasons.add(String.valueOf(e.getMessage()));
                }
                submitted.lacking()
                        .forEach(name -> reasons.add("identity has " + name
                                + ", which is a field neither of the form nor of fields"));
            }
        }
        return 1;
    }

    /** A request whose identity is of some values is known by the request that has no others. */
    private static Request.Details identified(TemplateRequest request, Optional<List<String>> identity, LinkBase base,
            Request.Details details) {
        if (identity.isEmpty()) {
            return details;
        }
        TemplateRequest counting = request.only(identity.get());
        String href = counting.href();
        String url = base.follow(href).map(CanonicalUrl::toString).orElse(href);
        String key = counting.details(0, Map.of()).key(url);
        return details.knownBy(Sha256.hex(key.getBytes(StandardCharsets.UTF_8)));
    }

    /** Finds what a selector picks, and returns how many matches it has. */
    private static int pick(Source.Picked source, QueryScope scope, List<FoundLink> links, Set<String> reasons) {
        int matches = 0;
        for (Iterator<Match> all = source.query.in(scope).iterator(); all.hasNext(); matches++) {
            Match match = all.next();
            switch (held(match, source.attr)) {
                case Held.Href(String href) -> links.add(new FoundLink(href, isNofollow(match)));
                case Held.NoLink(String reason) -> reasons.add(reason);
            }
        }
        return matches;
    }

    /** The page's own data, and those of the rule on top. */
    private static Data data(Rule rule, Supplier<QueryScope> scope, Visit visit) {
        Map<String, Object> data = new LinkedHashMap<>(visit.facts().request().details().data());
        List<Field> fields = rule.written.data();
        if (fields.isEmpty()) {
            return new Data.Known(data);
        }
        ObjectReader.Found found = rule.data.read(scopeOf(fields, scope), visit, "");
        for (Field field : fields) {
            Object value = found.values().get(field.name());
            if (value != null && !Texts.saysNothing(value)) {
                data.put(field.name(), value);
            } else if (field.required()) {
                return new Data.Missing("data." + field.name() + ", which is required, has no value here");
            }
        }
        return new Data.Known(data);
    }

    /** The page, unless no value looks at it: it may not have a tree. */
    private static QueryScope scopeOf(List<Field> fields, Supplier<QueryScope> page) {
        return select(fields) ? page.get() : QueryScope.ofDocument(new Element("html"));
    }

    private static boolean select(List<Field> fields) {
        return fields.stream().anyMatch(field -> field.source().isSelected());
    }

    /** The same, with the reason why a rule has no match. */
    public List<PageFollow> explained(List<PageFollow> found, QueryScope scope) {
        return IntStream.range(0, found.size())
                .mapToObj(number -> found.get(number).matches() > 0 || !found.get(number).reasons().isEmpty()
                        ? found.get(number)
                        : new PageFollow(found.get(number).entry(), 0, 0,
                                List.of(whyNothing(rules.get(number).source, scope))))
                .toList();
    }

    private static String whyNothing(Source source, QueryScope scope) {
        return switch (source) {
            case Source.Picked picked -> picked.query.whyNothing(scope);
            case Source.StandardSet _ -> NO_LINKS;
            case Source.Template _,Source.Form _ ->
                    throw new IllegalStateException("what makes a request says why it makes none");
        };
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

    static boolean isNofollow(Match match) {
        return match instanceof Match.OfElement found && PageLinks.isNofollow(found.element().attr("rel"));
    }
}
