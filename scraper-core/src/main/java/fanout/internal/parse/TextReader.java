package fanout.internal.parse;

import fanout.internal.limit.ParseTime;
import fanout.internal.limit.WatchedPattern;
import fanout.internal.parse.Conversion.Miss;
import fanout.internal.parse.Conversion.Value;
import fanout.job.DecimalMark;
import fanout.job.Reading;
import fanout.url.LinkBase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/** Turns texts into what a field's {@link Reading} says. Immutable. */
final class TextReader {

    private final Reading reading;
    private final DecimalMark decimal;
    private final DateText dates;

    TextReader(Reading reading) {
        this.reading = reading;
        this.decimal = reading.decimal().orElse(DecimalMark.POINT);
        this.dates = new DateText(reading.date());
    }

    /** What is wanted of elements. */
    Reading.Type type() {
        return reading.type();
    }

    /** Whether a number is looked for in the text as it stands. A regular expression gets its plain text. */
    boolean isAllNumber() {
        return reading.regex().isEmpty()
                && (reading.type() == Reading.Type.NUMBER || reading.type() == Reading.Type.INTEGER);
    }

    Conversion read(String text, LinkBase base) {
        return read(text, base, decimal);
    }

    /** A number of a JSON document, whose decimal mark is a point, whatever the page's is. */
    Conversion readNumeral(String digits, LinkBase base) {
        return read(digits, base, DecimalMark.POINT);
    }

    private Conversion read(String text, LinkBase base, DecimalMark mark) {
        Optional<String> kept = kept(text);
        return kept.isEmpty() ? new Miss("regex found nothing in", text) : converted(kept.get(), base, mark);
    }

    /** What the regular expression keeps: group 1 if there is one, else what it found. */
    private Optional<String> kept(String text) {
        return reading.regex().isEmpty() ? Optional.of(text)
                : WatchedPattern.keptOf(text, reading.regex().get(), ParseTime.current()::spend);
    }

    private Conversion converted(String text, LinkBase base, DecimalMark mark) {
        return switch (reading.type()) {
            case STRING, HTML, TEXT, MARKDOWN -> new Value(text);
            case NUMBER -> number(text, mark, false);
            case INTEGER -> number(text, mark, true);
            case BOOLEAN -> bool(text).<Conversion>map(Value::new)
                    .orElse(new Miss("neither true, yes, on, 1 nor false, no, off, 0:", text));
            case URL -> url(text, base);
            case DATE -> dates.iso(text).<Conversion>map(Value::new).orElse(new Miss(notADate(), text));
        };
    }

    /** An empty one would be the page itself. */
    private static Conversion url(String text, LinkBase base) {
        return Texts.isBlank(text) ? Texts.EMPTY
                : base.resolve(text)
                        .<Conversion>map(url -> new Value(url.toString()))
                        .orElse(new Miss("not an http or https URL:", text));
    }

    private static Conversion number(String text, DecimalMark mark, boolean whole) {
        return switch (NumberText.in(text, mark)) {
            case NumberText.Found.One(BigDecimal value) when !whole -> new Value(value);
            case NumberText.Found.One(BigDecimal value) when value.scale() == 0 ->
                    new Value(narrowed(value.toBigInteger()));
            case NumberText.Found.One _ -> new Miss("not a whole number:", text);
            case NumberText.Found.None _ -> new Miss("no number in", text);
            case NumberText.Found.Several _ -> new Miss("two numbers in", text);
            case NumberText.Found.Changed(String by) -> new Miss("\"" + by + "\" changes the number in", text,
                    "; keep the digits by regex, or all of it by type string");
            case NumberText.Found.Spoilt _ -> new Miss("no number in", text, cure(text, mark));
        };
    }

    private static String cure(String text, DecimalMark mark) {
        return NumberText.in(text, mark.other()) instanceof NumberText.Found.One(BigDecimal value)
                ? " with decimal mark " + mark.character() + " (with decimal: \"" + mark.other().character()
                        + "\" it is " + value.toPlainString() + ")"
                : "";
    }

    private static Object narrowed(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    private static Optional<Object> bool(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> Optional.of(true);
            case "false", "no", "off", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private String notADate() {
        return reading.date().map(date -> "not a date as " + date.pattern() + ":").orElse("not a date:");
    }
}
