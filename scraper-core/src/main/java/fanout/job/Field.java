package fanout.job;

import fanout.page.HeaderRule;
import fanout.url.TextPattern;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One value of an item: where it comes from, and what it becomes. Immutable.
 *
 * @param required whether an item, or the object that the field is in, is dropped without it
 */
public record Field(String name, Source source, boolean required) {

    public Field {
        Require.check(!name.isBlank(), "extract.fields", "has a field without a name");
        Require.check(!name.equals("_url") && !name.equals("_rule"), "extract.fields." + name,
                "is written by the program itself");
    }

    /** A field of what a selector picks: the text of the first match, until the builder is told otherwise. */
    public static Builder select(String name, Selector selector) {
        return new Builder(name, selector);
    }

    /** A copy, if there are some and no two have one name. */
    static List<Field> checked(List<Field> fields) {
        Require.check(!fields.isEmpty(), "extract.fields", "needs at least one field");
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            Require.check(names.add(field.name()), "extract.fields", "has " + field.name() + " twice");
        }
        return List.copyOf(fields);
    }

    /** Where a value comes from. */
    public sealed interface Source {

        /** Returns whether it says nothing of what is written in the page. */
        default boolean isOnEveryPage() {
            return switch (this) {
                case Selected _,OfArticle _ -> false;
                case OfPage known -> known.fact != Fact.TITLE;
                case OfHeader _,OfData _,Constant _ -> true;
                case Nested nested -> nested.each.isEmpty()
                        && nested.fields.stream().allMatch(field -> field.source.isOnEveryPage());
            };
        }

        /** Returns whether a selector looks for it, which takes a tree of the page. */
        default boolean isSelected() {
            return switch (this) {
                case Selected _,OfArticle _ -> true;
                case OfPage _,OfHeader _,OfData _,Constant _ -> false;
                case Nested nested -> nested.each.isPresent()
                        || nested.fields.stream().anyMatch(field -> field.source.isSelected());
            };
        }
    }

    /**
     * What a selector picks.
     *
     * @param attr the attribute of an element, or the member of a JSON object, to read; empty: the text
     * @param list whether all matches are wanted, as a list, rather than the first
     */
    public record Selected(Selector selector, Optional<String> attr, Reading reading, boolean list) implements Source {
        public Selected {
            Require.check(attr.isEmpty() || !attr.get().isBlank(), "attr", "must not be blank");
            Require.check(!(reading.type().isOfElement() && selector instanceof Selector.Json), "type",
                    ofElements(reading));
        }
    }

    /** What is known of the page without a selector. */
    public record OfPage(Fact fact, Reading reading) implements Source {
        public OfPage {
            checkText(reading);
        }
    }

    /**
     * A header of the response. Of several with one name it is all of them, with commas between them.
     *
     * @param name whose case does not matter
     */
    public record OfHeader(String name, Reading reading) implements Source {
        public OfHeader {
            Require.check(HeaderRule.isName(name), "from",
                    "needs the name of a header behind header:, as in header:Last-Modified");
            checkText(reading);
        }
    }

    private static void checkText(Reading reading) {
        Require.check(!reading.type().isOfElement(), "type", ofElements(reading));
    }

    private static String ofElements(Reading reading) {
        return reading.type().name().toLowerCase(Locale.ROOT) + " goes with css and xpath only";
    }

    /**
     * A part of the article that a page has: its main content, without navigation, headers and footers, and what the
     * page says of it.
     */
    public record OfArticle(ArticlePart part) implements Source {}

    /** A part of an article. */
    public enum ArticlePart {
        /** Its title, without the name of the site. */
        TITLE,
        /** What it says, as {@link Reading.Type#TEXT}. */
        TEXT,
        /** What it says, as {@link Reading.Type#MARKDOWN}. */
        MARKDOWN,
        /** Who wrote it, as the page has it. */
        BYLINE,
        /** When it was published: a date, or a date and time, in ISO 8601. */
        PUBLISHED
    }

    /**
     * A value of the data that came with the page's request.
     *
     * @param reading what becomes of its text; empty: the value as it is
     * @param add is added to it: for counters
     * @param otherwise the value of a page without this name; empty: it is missing there
     */
    public record OfData(
            String name,
            Optional<Reading> reading,
            Optional<BigDecimal> add,
            Optional<Object> otherwise) implements Source {
        public OfData {
            Require.check(!name.isBlank(), "from", "needs a name behind data.");
            reading.ifPresent(Field::checkText);
        }
    }

    /** A fact about a page. */
    public enum Fact {
        /** Its canonical URL. */
        URL,
        /** When it was asked for: RFC 3339 in UTC, with milliseconds. */
        FETCHED_AT,
        /** The label of its request. */
        LABEL,
        /** The page whose link or redirect led to it first. */
        REFERRER,
        /** Links between a start URL and it. */
        DEPTH,
        /** The status of the response. */
        STATUS,
        /** Its title, as browsers show it. */
        TITLE
    }

    /** The same value in each item: a {@code String}, a {@code Boolean}, or a number. */
    public record Constant(Object value) implements Source {
        public Constant {
            boolean isScalar = switch (value) {
                case String _,Boolean _,Long _,Integer _,BigInteger _,BigDecimal _ -> true;
                default -> false;
            };
            Require.check(isScalar, "value", "must be text, a number, true or false");
        }
    }

    /**
     * An object with fields of its own.
     *
     * @param each if present, the value is a list of objects, one for each match, inside which the fields look; empty:
     *     one object, whose fields look where this one does
     */
    public record Nested(Optional<Selector> each, List<Field> fields) implements Source {
        public Nested {
            fields = checked(fields);
        }
    }

    /** Makes a field of what a selector picks. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final Selector selector;
        private Optional<String> attr = Optional.empty();
        private Optional<TextPattern> regex = Optional.empty();
        private Optional<DecimalMark> decimal = Optional.empty();
        private Optional<DatePattern> date = Optional.empty();
        private Reading.Type type = Reading.Type.STRING;
        private boolean list;
        private boolean required;

        private Builder(String name, Selector selector) {
            this.name = name;
            this.selector = selector;
        }

        /** Reads this attribute, or this member of a JSON object, rather than the text. */
        public Builder attr(String value) {
            this.attr = Optional.of(value);
            return this;
        }

        /** Keeps group 1 of this, or the whole match if it has no group. */
        public Builder regex(TextPattern value) {
            this.regex = Optional.of(value);
            return this;
        }

        public Builder type(Reading.Type value) {
            this.type = value;
            return this;
        }

        /** A number with this decimal mark. */
        public Builder decimal(DecimalMark value) {
            this.decimal = Optional.of(value);
            return this;
        }

        /** A date that is written like this. */
        public Builder date(DatePattern value) {
            this.type = Reading.Type.DATE;
            this.date = Optional.of(value);
            return this;
        }

        /** Takes all matches. */
        public Builder list() {
            this.list = true;
            return this;
        }

        /** Drops items without this value. */
        public Builder required() {
            this.required = true;
            return this;
        }

        public Field build() {
            return new Field(name, new Selected(selector, attr, new Reading(type, regex, decimal, date), list),
                    required);
        }
    }
}
