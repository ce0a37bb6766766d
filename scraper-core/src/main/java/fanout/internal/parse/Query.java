package fanout.internal.parse;

import fanout.internal.json.JsonPointer;
import fanout.internal.json.JsonValue;
import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.markup.XPathAttribute;
import fanout.internal.markup.XPathExpression;
import fanout.job.Selector;
import java.util.stream.Stream;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Evaluator;
import org.jsoup.select.WatchedSelector;

/**
 * A selector that is ready to run, and that ends with a {@link ParseStopped} inside when the parse is to end, see
 * {@link WatchedSelector} and {@link XPathExpression}.
 *
 * <p>Immutable; jsoup's evaluators are thread-safe and made to be kept.
 */
sealed interface Query {

    /** What it picks within a scope, in document order; lazily where it can. */
    Stream<Match> in(QueryScope scope);

    static Query of(Selector selector) {
        return switch (selector) {
            case Selector.Css css -> new Css(WatchedSelector.parse(css.expression()));
            case Selector.XPath xpath -> new XPath(XPathExpression.compile(xpath.expression()));
            case Selector.Json json when json.in().isPresent() ->
                    new JsonIn(WatchedSelector.parse(json.in().get().expression()), JsonPointer.of(json.expression()));
            case Selector.Json json -> new Json(JsonLd.Place.of(json));
        };
    }

    /** The parts that it picks, to look inside: the matches that are elements or JSON. */
    default Stream<QueryScope> scopesIn(QueryScope scope) {
        return scopesIn(scope, scope);
    }

    /**
     * As {@link #scopesIn(QueryScope)}; what is inside has the nodes that another scope of the same page has chosen.
     */
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
        return switch (this) {
            case Json(JsonLd.Place place) -> scope.whyNothing(place);
            case JsonIn json -> json.why(scope);
            case Css _,XPath _ -> "no match";
        };
    }

    /** Why there are no parts. */
    default String whyNoParts(QueryScope scope) {
        return parts(scope).findAny().isPresent()
                ? "each picks texts or attributes, in which there is nothing to look; pick elements"
                : this instanceof Json || this instanceof JsonIn ? "each: " + whyNothing(scope)
                        : "each matches nothing";
    }

    /** What is picked to look inside. */
    private Stream<Match> parts(QueryScope scope) {
        return this instanceof Json(JsonLd.Place place) && place.type().isPresent()
                ? Json.matches(scope.anywhere(place))
                : in(scope);
    }

    /** jsoup's dialect and semantics: the scope's own element can match, too. */
    record Css(Evaluator evaluator) implements Query {
        @Override
        public Stream<Match> in(QueryScope scope) {
            return scope.element().selectStream(evaluator).map(Match.OfElement::new);
        }
    }

    /** XPath 1.0, over the scope's element as a document of its own. */
    record XPath(XPathExpression expression) implements Query {
        @Override
        public Stream<Match> in(QueryScope scope) {
            ParseTime time = ParseTime.current();
            return expression.givesNodes()
                    ? expression.nodes(scope.element(), time).stream().map(XPath::match)
                    : Stream.of(new Match.OfText(expression.text(scope.element(), time)));
        }

        private static Match match(Object node) {
            return switch (node) {
                case Element element -> new Match.OfElement(element);
                case TextNode text -> new Match.OfTextNode(text);
                case XPathAttribute attribute -> new Match.OfText(attribute.value());
                case Node other -> new Match.OfText(other.nodeValue());
                default -> throw new IllegalStateException("XPath has no such node: " + node.getClass());
            };
        }
    }

    /** Each element of an array, or the one value; none for null. */
    record Json(JsonLd.Place place) implements Query {
        @Override
        public Stream<Match> in(QueryScope scope) {
            return matches(scope.json(place));
        }

        private static Stream<Match> matches(Stream<JsonValue> found) {
            return found.flatMap(JsonValue::parts).map(Match.OfJson::new);
        }
    }

    /** The same in the JSON that is written in the first element that a selector picks. */
    record JsonIn(Evaluator element, JsonPointer pointer) implements Query {
        @Override
        public Stream<Match> in(QueryScope scope) {
            return scope.element()
                    .selectStream(element)
                    .limit(1)
                    .flatMap(found -> scope.writtenIn(found).value().stream())
                    .flatMap(json -> pointer.in(json).stream())
                    .flatMap(JsonValue::parts)
                    .map(Match.OfJson::new);
        }

        private String why(QueryScope scope) {
            return scope.element()
                    .selectStream(element)
                    .findFirst()
                    .map(found -> scope.writtenIn(found)
                            .malformed()
                            .map(reason -> "what in picks is no JSON: " + reason)
                            .orElse("no match in the JSON that in picks"))
                    .orElse("in matches nothing");
        }
    }
}
