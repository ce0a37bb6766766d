package fanout.item;

import fanout.job.Selector;
import fanout.json.JsonValue;
import fanout.limit.ParseStopped;
import java.util.stream.Stream;
import org.jsoup.select.Evaluator;
import org.jsoup.select.QueryParser;

/**
 * A selector that is ready to run, and that ends with a {@link ParseStopped} inside when the parse is to end. Where that is
 * impossible, it fails on a scope that is too large, see {@link SelectorLimits}.
 *
 * <p>Immutable; jsoup's evaluators are thread-safe and made to be kept.
 */
public sealed interface Query {

    /** What it picks within a scope, in document order; lazily where it can. */
    Stream<Match> in(QueryScope scope);

    static Query of(Selector selector) {
        return switch (selector) {
            case Selector.Css css -> Css.of(css.expression());
            case Selector.XPath xpath -> new XPath(xpath.expression());
            case Selector.Json json -> new Json(JsonLd.Place.of(json));
        };
    }

    /** The parts that it picks, to look inside: the matches that are elements or JSON. */
    default Stream<QueryScope> scopesIn(QueryScope scope) {
        return scopesIn(scope, scope);
    }

    /** As {@link #scopesIn(QueryScope)}; what is inside has the nodes that another scope of the same page has chosen. */
    default Stream<QueryScope> scopesIn(QueryScope scope, QueryScope choosing) {
        return parts(scope).mapMulti((match, sink) -> {
            switch (match) {
                case Match.OfElement found -> sink.accept(choosing.within(found.element()));
                case Match.OfJson found -> sink.accept(choosing.within(found.value()));
                case Match.OfText _,Match.OfTextNode _ -> {} // nothing is inside
            }
        });
    }

    /** Why nothing is picked. */
    default String whyNothing(QueryScope scope) {
        return this instanceof Json(JsonLd.Place place) ? scope.whyNothing(place) : "no match";
    }

    /** Why there are no parts. */
    default String whyNoParts(QueryScope scope) {
        return parts(scope).findAny().isPresent()
                ? "each picks texts or attributes, in which there is nothing to look; pick elements"
                : this instanceof Json(JsonLd.Place place) ? "each: " + scope.whyNothing(place)
                        : "each matches nothing";
    }

    /** What is picked to look inside. */
    private Stream<Match> parts(QueryScope scope) {
        return this instanceof Json(JsonLd.Place place) && place.type().isPresent()
                ? Json.matches(scope.anywhere(place))
                : in(scope);
    }

    /** jsoup's dialect and semantics: the scope's own element can match, too. */
    record Css(String expression, Evaluator evaluator, boolean bounded) implements Query {

        private static Css of(String expression) {
            return new Css(expression, SelectorLimits.watched(QueryParser.parse(expression)),
                    SelectorLimits.nestsCostlyParts(expression));
        }

        @Override
        public Stream<Match> in(QueryScope scope) {
            if (bounded) {
                SelectorLimits.checkSize(scope.element(), expression);
            }
            return scope.element().selectStream(evaluator).map(Match.OfElement::new);
        }
    }

    /** XPath 1.0, over the scope's element as a document of its own. */
    record XPath(String expression) implements Query {
        @Override
        public Stream<Match> in(QueryScope scope) {
            return scope.evaluate(expression);
        }
    }

    /** Each element of an array, or the one value; null is none. */
    record Json(JsonLd.Place place) implements Query {
        @Override
        public Stream<Match> in(QueryScope scope) {
            return matches(scope.json(place));
        }

        private static Stream<Match> matches(Stream<JsonValue> found) {
            return found.flatMap(JsonValue::parts).map(Match.OfJson::new);
        }
    }
}
