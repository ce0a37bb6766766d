package fanout.internal.parse;

import fanout.internal.json.JsonValue;
import fanout.internal.parse.Conversion.Miss;
import fanout.internal.parse.Conversion.Value;
import fanout.job.Field;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a field of what a selector picks. Immutable. */
final class MatchReader {

    private final Field.Selected source;
    private final Query query;
    private final TextReader texts;

    MatchReader(Field.Selected source) {
        this.source = source;
        this.query = Query.of(source.selector());
        this.texts = new TextReader(source.reading());
    }

    /**
     * The value: of the first match that has the attribute, where one is named; null if there is none or it cannot be
     * converted. A list holds what could be converted of all matches.
     *
     * @throws ItemBudget.Exhausted if that is more than the page may give
     */
    @Nullable
    Object read(QueryScope scope, Visit visit, String path) {
        List<Object> values = new ArrayList<>();
        Optional<Miss> reason = Optional.empty();
        int texts = 0;
        for (Iterator<Match> matches = query.in(scope).iterator(); matches.hasNext();) {
            visit.budget().checkTime();
            Match match = matches.next();
            Optional<Conversion> read = read(match, visit);
            if (read.isEmpty()) {
                reason = Optional.of(noText(match));
                continue;
            }
            switch (read.get()) {
                case Value(Object value) -> {
                    visit.budget().value(value.toString());
                    values.add(value);
                }
                case Miss miss when source.list() -> visit.misses().missing(path + "[" + texts + "]", miss);
                case Miss miss -> reason = Optional.of(miss);
            }
            texts++;
            if (!source.list()) {
                break;
            }
        }
        if (visit.asksWhy()) {
            why(values, texts, reason, scope, visit).ifPresent(miss -> visit.misses().missing(path, miss));
        }
        return source.list() ? values : values.isEmpty() ? null : values.getFirst();
    }

    /** Why there is no value, or none that says something. The elements of a list have given their own reasons. */
    private Optional<Miss> why(List<Object> values, int texts, Optional<Miss> reason, QueryScope scope, Visit visit) {
        if (values.isEmpty()) {
            return source.list() && texts > 0 ? Optional.empty() : reason.or(() -> Optional.of(noMatch(scope, visit)));
        }
        return Optional.of(Texts.EMPTY).filter(_ -> Texts.saysNothing(values));
    }

    private Miss noMatch(QueryScope scope, Visit visit) {
        visit.budget().checkTime();
        return new Miss(query.whyNothing(scope));
    }

    private Optional<Conversion> read(Match match, Visit visit) {
        if (texts.type().isOfElement() && source.attr().isEmpty()) {
            return Optional.of(texts.read(match.written(texts.type(), visit), visit.facts().base()));
        }
        return switch (match) {
            case Match.OfJson found -> found.member(source.attr())
                    .flatMap(value -> value.text()
                            .map(text -> value instanceof JsonValue.Numeral
                                    ? texts.readNumeral(text, visit.facts().base())
                                    : texts.read(text, visit.facts().base())));
            case Match.OfElement _,Match.OfText _,Match.OfTextNode _ ->
                    text(match).map(text -> texts.read(text, visit.facts().base()));
        };
    }

    private Optional<String> text(Match match) {
        return texts.isAllNumber() ? match.numberText(source.attr()) : match.text(source.attr());
    }

    private Miss noText(Match match) {
        if (match instanceof Match.OfJson found) {
            return found.member(source.attr())
                    .map(value -> new Miss("it is " + value.kind() + ", which has no text"))
                    .orElseGet(() -> new Miss("no member", source.attr().orElse("")));
        }
        return new Miss("no attribute", source.attr().orElse(""));
    }
}
