package fanout.file;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The values of items and pages, in JSON. */
final class JsonValues {

    private JsonValues() {}

    /** Writes a string, a number, a boolean, {@code null}, or a list of these. */
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

    /** The number in decimal notation, which its {@code toString} has to give. */
    private static String decimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal.toString() : new BigDecimal(number.toString()).toString();
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
