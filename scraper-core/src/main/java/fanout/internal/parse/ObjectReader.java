package fanout.internal.parse;

import fanout.job.Field;
import fanout.page.PageItem.Fate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the fields of an item, or of an object in one. Immutable. */
final class ObjectReader {

    /** Reads one value; null if it is missing, and then it has given the reason. */
    @FunctionalInterface
    private interface ValueReader {
        @Nullable
        Object read(QueryScope scope, Visit visit, String path);
    }

    /** A field that is ready to be read. */
    private record Reader(Field field, ValueReader values) {}

    /**
     * What was found.
     *
     * @param values of the fields in their order
     */
    record Found(SequencedMap<String, @Nullable Object> values, Fate fate) {}

    private final List<Reader> fields;
    private final boolean dependsOnThePage;

    ObjectReader(List<Field> fields) {
        this.fields = fields.stream().map(field -> new Reader(field, reader(field))).toList();
        this.dependsOnThePage = fields.stream().anyMatch(field -> !field.source().isOnEveryPage());
    }

    private static ValueReader reader(Field field) {
        return switch (field.source()) {
            case Field.Selected selected -> new MatchReader(selected)::read;
            case Field.OfPage known -> new KnownReader(known)::read;
            case Field.OfHeader header -> new KnownReader(header)::read;
            case Field.OfData ofData -> new DataReader(ofData)::read;
            case Field.Constant(Object value) -> (_, visit, _) -> {
                visit.budget().value(value.toString());
                return value;
            };
            case Field.Nested nested -> new NestedReader(nested)::read;
            case Field.OfArticle(Field.ArticlePart part) -> new ArticleReader(part)::read;
        };
    }

    /**
     * Reads all fields.
     *
     * @param prefix of the fields' names, for the reasons
     * @throws ItemBudget.Exhausted if there is more than the page may give
     */
    Found read(QueryScope scope, Visit visit, String prefix) {
        SequencedMap<String, @Nullable Object> values = new LinkedHashMap<>();
        boolean dropped = false;
        boolean empty = dependsOnThePage;
        for (Reader reader : fields) {
            Field field = reader.field();
            Object value = reader.values().read(scope, visit, prefix + field.name());
            values.put(field.name(), value);
            boolean missing = Texts.saysNothing(value);
            dropped |= missing && field.required();
            empty &= missing || field.source().isOnEveryPage();
        }
        return new Found(values, dropped ? Fate.DROPPED : empty ? Fate.EMPTY : Fate.WRITTEN);
    }

    /**
     * What is known of the page without a selector.
     *
     * @param missing why the object is missing
     */
    private record KnownReader(Function<PageFacts, Optional<String>> known, String missing, TextReader texts) {

        private KnownReader(Field.OfPage source) {
            this(facts -> known(source.fact(), facts), missing(source.fact()), new TextReader(source.reading()));
        }

        private KnownReader(Field.OfHeader source) {
            this(facts -> facts.header(source.name()), "the response has no header " + source.name(),
                    new TextReader(source.reading()));
        }

        private static Optional<String> known(Field.Fact fact, PageFacts facts) {
            return switch (fact) {
                case URL -> Optional.of(facts.url());
                case FETCHED_AT -> Optional.of(facts.time());
                case LABEL -> facts.request().label();
                case REFERRER -> facts.referrer();
                case DEPTH -> Optional.of(Integer.toString(facts.request().depth()));
                case STATUS -> Optional.of(Integer.toString(facts.status()));
                case TITLE -> facts.title();
            };
        }

        private static String missing(Field.Fact fact) {
            return switch (fact) {
                case LABEL -> "the page's request has no label";
                case REFERRER -> "no page led to this one: it is a start URL, or from a sitemap";
                case TITLE -> "the page has no title";
                case URL, FETCHED_AT, DEPTH, STATUS -> "";
            };
        }

        private @Nullable Object read(QueryScope scope, Visit visit, String path) {
            Optional<String> text = known.apply(visit.facts());
            Conversion read = text.map(found -> texts.read(found, visit.facts().base()))
                    .orElseGet(() -> new Conversion.Miss(missing));
            return switch (read) {
                case Conversion.Value(Object value) -> {
                    visit.budget().value(value.toString());
                    yield value;
                }
                case Conversion.Miss miss -> {
                    visit.misses().missing(path, miss);
                    yield null;
                }
            };
        }
    }

    /** What came with the page's request. */
    private record DataReader(Field.OfData source, Optional<TextReader> texts) {

        /** Longer ones, and those with larger exponents, take long to add. */
        private static final int MOST_DIGITS = 100;
        private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]+([.][0-9]+)?");

        private DataReader(Field.OfData source) {
            this(source, source.reading().map(TextReader::new));
        }

        private @Nullable Object read(QueryScope scope, Visit visit, String path) {
            Object known = visit.facts().request().details().data().get(source.name());
            if (known == null) {
                if (source.otherwise().isEmpty()) {
                    visit.misses()
                            .missing(path, new Conversion.Miss("the page's request has no data." + source.name()));
                }
                return source.otherwise().orElse(null);
            }
            Conversion read = texts.map(reader -> reader.read(known.toString(), visit.facts().base()))
                    .orElseGet(() -> new Conversion.Value(known));
            return switch (read) {
                case Conversion.Value(Object value) -> {
                    Object sum = source.add().isEmpty() ? value : sum(value, source.add().get());
                    if (sum == null) {
                        visit.misses().missing(path, new Conversion.Miss("not a number:", value.toString()));
                    } else {
                        visit.budget().value(sum.toString());
                    }
                    yield sum;
                }
                case Conversion.Miss miss -> {
                    visit.misses().missing(path, miss);
                    yield null;
                }
            };
        }

        private static @Nullable Object sum(Object value, BigDecimal more) {
            String text = value.toString().strip();
            if (text.length() > MOST_DIGITS || !DECIMAL.matcher(text).matches()) {
                return null;
            }
            BigDecimal sum = new BigDecimal(text).add(more);
            return sum.stripTrailingZeros().scale() <= 0 ? sum.toBigInteger() : sum;
        }
    }

    /** An object, or a list of them. */
    private static final class NestedReader {

        private final Optional<Query> each;
        private final ObjectReader object;

        private NestedReader(Field.Nested source) {
            this.each = source.each().map(Query::of);
            this.object = new ObjectReader(source.fields());
        }

        private @Nullable Object read(QueryScope scope, Visit visit, String path) {
            return each.isPresent() ? list(each.get(), scope, visit, path) : one(scope, visit, path);
        }

        private @Nullable Object one(QueryScope scope, Visit visit, String path) {
            visit.budget().checkTime();
            visit.budget().object(object.fields.size());
            Found found = object.read(scope, visit, path + ".");
            return switch (found.fate()) {
                case WRITTEN -> found.values();
                case EMPTY, NO_MATCH -> null;
                case DROPPED -> {
                    visit.misses().missing(path, new Conversion.Miss("a required field is missing in it"));
                    yield null;
                }
            };
        }

        private List<Object> list(Query query, QueryScope scope, Visit visit, String path) {
            List<Object> objects = new ArrayList<>();
            Stream<QueryScope> scopes = query.scopesIn(scope);
            int count = 0;
            for (Iterator<QueryScope> parts = scopes.iterator(); parts.hasNext(); count++) {
                Object value = one(parts.next(), visit, path + "[" + count + "]");
                if (value != null) {
                    objects.add(value);
                }
            }
            if (count == 0 && visit.asksWhy()) {
                visit.misses().missing(path, new Conversion.Miss(query.whyNoParts(scope)));
            }
            return objects;
        }
    }
}
