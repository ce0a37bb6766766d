package fanout.job;

import fanout.internal.annotation.Internal;
import fanout.page.Request;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Reads the identity of version 1 of the journal. It digested what the records of a job said of themselves, as the
 * compiler made it; this class writes the same text by hand, with the names that the records had then. It is here so
 * that crawls which the versions before have begun can be resumed, and it is called for nothing else.
 *
 * <p>It knows the keys that jobs had at that time. A key that came later must make its part another text here, as
 * {@code charset}, {@code jsonld} and a request's details do, because no crawl of version 1 can have used it.
 */
@Internal
public final class FirstIdentity {

    private FirstIdentity() {}

    /** Returns the text of each part of a job, by the key that a person is told. */
    public static SequencedMap<String, String> of(CrawlJob job) {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        Start start = job.start();
        parts.put("startUrls", list(start.urls(), FirstIdentity::request));
        parts.put("sitemaps", "[" + start.sitemaps() + ", " + start.sitemapsFromRobots() + "]");
        parts.put("scope", scope(job.scope()));
        List<String> types = job.parsing().contentTypes();
        parts.put("parse", job.parsing()
                .charset()
                .map(label -> "[" + types + ", " + label + "]")
                .orElse(
                        types.toString()));
        parts.put("follow", optional(job.parsing().follow(), rules -> list(rules, FirstIdentity::follow)));
        parts.put("extract", list(job.parsing().extract(), FirstIdentity::extract));
        return parts;
    }

    private static String request(Request request) {
        return "Request[url=" + request.url() + ", depth=" + request.depth() + ", label=" + request.label()
                + ", referrer=" + request.referrer()
                + (request.details().equals(Request.Details.NONE) ? ""
                        : ", details=" + WrittenJob.of(request.details()))
                + "]";
    }

    private static String scope(Scope scope) {
        List<String> hosts = scope.hosts().stream().map(Object::toString).sorted().toList();
        String domains = list(scope.allowedDomains(),
                domain -> "Domain[name=" + domain.name() + ", port=" + domain.port() + "]");
        return "[" + domains + ", " + hosts + ", " + list(scope.include(), TextPattern::toString) + ", "
                + list(scope.exclude(), TextPattern::toString) + ", " + scope.maxDepth() + "]"
                + WrittenJob.laterKeysOf(scope);
    }

    private static String follow(FollowRule rule) {
        return rule.source() instanceof FollowRule.Picked(Selector selector, String attr)
                && rule.equals(new FollowRule(selector, attr, rule.label()))
                        ? "FollowRule[selector=" + selector(selector) + ", attr=" + attr + ", label=" + rule.label()
                                + "]"
                        : "FollowRule" + WrittenJob.of(rule);
    }

    private static String extract(ExtractRule rule) {
        return "ExtractRule[name=" + rule.name() + ", match=" + optional(rule.match(), TextPattern::toString)
                + ", label="
                + rule.label() + ", each=" + optional(rule.each(), FirstIdentity::selector) + ", fields="
                + list(rule.fields(), FirstIdentity::field) + "]";
    }

    private static String field(Field field) {
        return "Field[name=" + field.name() + ", source=" + source(field.source()) + ", required=" + field.required()
                + "]";
    }

    private static String source(Field.Source source) {
        return switch (source) {
            case Field.Selected selected -> "Selected[selector=" + selector(selected.selector()) + ", attr="
                    + selected.attr() + ", reading=" + reading(selected.reading()) + ", list=" + selected.list() + "]";
            case Field.OfPage ofPage -> "OfPage[fact=" + switch (ofPage.fact()) {
                case URL -> "URL";
                case FETCHED_AT -> "FETCHED_AT";
                case LABEL, REFERRER, DEPTH, STATUS, TITLE -> ofPage.fact(); // no job of version 1 has one
            } + ", reading=" + reading(ofPage.reading()) + "]";
            case Field.OfHeader ofHeader -> ofHeader.toString(); // nor this
            case Field.OfData ofData -> ofData.toString(); // nor this
            case Field.OfArticle article -> article.toString(); // nor this
            case Field.Constant constant -> "Constant[value=" + constant.value() + "]";
            case Field.Nested nested -> "Nested[each=" + optional(nested.each(), FirstIdentity::selector) + ", fields="
                    + list(nested.fields(), FirstIdentity::field) + "]";
        };
    }

    private static String selector(Selector selector) {
        return switch (selector) {
            case Selector.Css css -> "Css[expression=" + css.expression() + "]";
            case Selector.XPath xpath -> "XPath[expression=" + xpath.expression() + "]";
            case Selector.Json json -> "Json[expression=" + json.expression()
                    + json.jsonld().map(type -> ", jsonld=" + type).orElse("")
                    + json.in().map(css -> ", in=" + css.expression()).orElse("") + "]";
        };
    }

    private static String reading(Reading reading) {
        String type = switch (reading.type()) {
            case STRING -> "STRING";
            case NUMBER -> "NUMBER";
            case INTEGER -> "INTEGER";
            case BOOLEAN -> "BOOLEAN";
            case URL -> "URL";
            case HTML -> "HTML";
            case DATE -> "DATE";
            case TEXT -> "TEXT"; // no job of version 1 has one
            case MARKDOWN -> "MARKDOWN"; // nor this
        };
        return "Reading[type=" + type + ", regex=" + optional(reading.regex(), TextPattern::toString) + ", decimal="
                + optional(reading.decimal(), mark -> switch (mark) {
                    case POINT -> "POINT";
                    case COMMA -> "COMMA";
                }) + ", date=" + optional(reading.date(), FirstIdentity::date) + "]";
    }

    private static String date(DatePattern date) {
        return "DatePattern[pattern=" + date.pattern() + ", locale=" + date.locale() + "]";
    }

    private static <T> String optional(Optional<T> value, Function<T, String> text) {
        return value.map(text).toString();
    }

    private static <T> String list(List<T> values, Function<T, String> text) {
        return values.stream().map(text).toList().toString();
    }
}
