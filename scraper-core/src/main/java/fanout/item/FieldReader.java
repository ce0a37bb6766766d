package fanout.item;

import com.google.re2j.Matcher;
import fanout.job.ExtractRule;
import fanout.url.LinkBase;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one field of an item. Immutable. */
final class FieldReader {

    private final ExtractRule.Field field;
    private final Query query;

    FieldReader(ExtractRule.Field field) {
        this.field = field;
        this.query = Query.of(field.selector());
    }

    String name() {
        return field.name();
    }

    boolean isRequired() {
        return field.required();
    }

    /**
     * The value: of the first match that has the attribute, where one is named; null if there is none or it cannot be
     * converted. A list holds what could be converted of all matches.
     *
     * @throws ItemBudget.Exhausted if that is more than the page may give
     */
    @Nullable
    Object read(QueryScope scope, LinkBase base, ItemBudget budget) {
        Stream<String> texts = query.in(scope).peek(match -> budget.checkTime()).flatMap(match -> text(match).stream());
        if (field.list()) {
            return texts.flatMap(text -> value(text, base, budget).stream()).toList();
        }
        return texts.findFirst().flatMap(text -> value(text, base, budget)).orElse(null);
    }

    /** Whether a value says nothing: it was not found, or nothing of a list was. */
    static boolean isMissing(@Nullable Object value) {
        return value == null || (value instanceof List<?> list && list.isEmpty());
    }

    private Optional<String> text(Match match) {
        return field.type() == ExtractRule.Type.HTML && field.attr().isEmpty()
                ? Optional.of(match.outerHtml())
                : match.text(field.attr());
    }

    private Optional<Object> value(String text, LinkBase base, ItemBudget budget) {
        Optional<Object> value = kept(text).flatMap(kept -> FieldValue.of(field.type(), kept, base));
        value.ifPresent(found -> budget.value(found.toString()));
        return value;
    }

    /** What the regular expression keeps: group 1 if there is one, else what it found. */
    private Optional<String> kept(String text) {
        if (field.regex().isEmpty()) {
            return Optional.of(text);
        }
        Matcher matcher = field.regex().get().matcher(text);
        return matcher.find()
                ? Optional.ofNullable(matcher.group(matcher.groupCount() > 0 ? 1 : 0))
                : Optional.empty();
    }
}
