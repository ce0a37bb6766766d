package fanout.item;

import fanout.job.Selector;
import fanout.json.JsonPointer;
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
            case Selector.Json json -> new Json(JsonPointer.of(json.expression()));
        };
    }

    /** The parts that it picks, to look inside: the matches that are elements or JSON. */
    default Stream<QueryScope> scopesIn(QueryScope scope) {
        return in(scope).mapMulti((match, sink) -> {
            switch (match) {
                case Match.OfElement found -> sink.accept(scope.within(found.element()));
                case Match.OfJson found -> sink.accept(scope.within(found.value()));
                case Match.OfText _,Match.OfTextNode _ -> {} // nothing is inside
            }
        });
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
    record Json(JsonPointer pointer) implements Query {
        @Override
        public Stream<Match> in(QueryScope scope) {
            return scope.json(pointer)
                    .flatMap(found -> found instanceof JsonValue.Elements(var values) ? values.stream()
                            : Stream.of(found))
                    .filter(value -> !(value instanceof JsonValue.Nothing))
                    .map(Match.OfJson::new);
        }
    }
}
