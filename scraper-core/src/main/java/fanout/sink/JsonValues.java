package fanout.sink;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The values of items and pages, in JSON. */
final class JsonValues {

    private JsonValues() {}

    /** Numbers with more digits than this have an exponent, or they would fill the memory. */
    private static final int MOST_DIGITS = 2_000;

    /** Writes a string, a number, a boolean, {@code null}, or a list or object of these. */
    static void write(JsonGenerator json, @Nullable Object value) {
        switch (value) {
            case null -> json.writeNull();
            case String text -> json.writeString(wellFormed(text));
            case Boolean truth -> json.writeBoolean(truth);
            case Number number -> write(json, number);
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(element -> write(json, element));
                json.writeEndArray();
            }
            case Map<?, ?> object -> {
                json.writeStartObject();
                object.forEach((name, member) -> {
                    json.writeName(wellFormed(String.valueOf(name)));
                    write(json, member);
                });
                json.writeEndObject();
            }
            default -> throw new IllegalArgumentException("not a value that can be written: " + value.getClass());
        }
    }

    private static void write(JsonGenerator json, Number number) {
        switch (number) {
            case Long whole -> json.writeNumber(whole);
            case Integer whole -> json.writeNumber(whole);
            case Double real when !Double.isFinite(real) -> json.writeNull(); // JSON has no such number
            case Float real when !Float.isFinite(real) -> json.writeNull();
            default -> json.writeNumber(decimal(number));
        }
    }

    /**
     * The number in decimal notation, which its {@code toString} has to give; without an exponent where that can be.
     */
    private static String decimal(Number number) {
        BigDecimal decimal = number instanceof BigDecimal given ? given : new BigDecimal(number.toString());
        boolean fits = (long) decimal.precision() + Math.abs((long) decimal.scale()) <= MOST_DIGITS;
        return fits ? decimal.toPlainString() : decimal.toString();
    }

    /**
     * The text with every unpaired surrogate replaced. Java strings may hold them, UTF-8 may not, and a crawl does not
     * end because a user's extractor cut a string in two.
     */
    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD
                                : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }
}
