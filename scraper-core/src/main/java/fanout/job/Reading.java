package fanout.job;

import fanout.url.TextPattern;
import java.util.Optional;

/**
 * What becomes of a text that was found: the part that a regular expression keeps, as a value of a type. Immutable.
 *
 * @param regex what to keep: group 1 if there is one, the whole match otherwise
 * @param decimal of a number or integer; empty: a point
 * @param date how a date is written; empty: as ISO 8601 or RFC 1123
 */
public record Reading(
        Type type,
        Optional<TextPattern> regex,
        Optional<DecimalMark> decimal,
        Optional<DatePattern> date) {

    /** The text as it is. */
    public static final Reading TEXT = of(Type.STRING);

    public Reading {
        Require.check(decimal.isEmpty() || type == Type.NUMBER || type == Type.INTEGER, "decimal",
                "goes with type number or integer only");
        Require.check(date.isEmpty() || type == Type.DATE, "format", "goes with type date only");
    }

    /** Returns a reading of the whole text as a value of this type. */
    public static Reading of(Type type) {
        return new Reading(type, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What the text becomes. */
    public enum Type {
        /** The text. */
        STRING,
        /** The one number in the text. */
        NUMBER,
        /** The same, if it is whole. */
        INTEGER,
        /** true, yes, on or 1; false, no, off or 0. */
        BOOLEAN,
        /** A link, resolved against the page's base. */
        URL,
        /** The element itself, as markup. */
        HTML,
        /** A date, or a date and time, in ISO 8601. */
        DATE,
        /** The text with a line for each block, blank lines around paragraphs, and preformatted text as it is. */
        TEXT,
        /** The element as Markdown, with absolute links, tables and code. */
        MARKDOWN;

        /** Returns whether it is made of an element, and not of the words in it. */
        public boolean isOfElement() {
            return switch (this) {
                case HTML, TEXT, MARKDOWN -> true;
                case STRING, NUMBER, INTEGER, BOOLEAN, URL, DATE -> false;
            };
        }
    }
}
