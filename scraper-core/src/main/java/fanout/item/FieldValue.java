package fanout.item;

import fanout.job.ExtractRule;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns a field's text into what its type says; empty if it cannot be. */
final class FieldValue {

    /** Longer numbers are no quantities, and exponents without limit make numbers that cannot be printed. */
    private static final int LONGEST_NUMBER = 100;

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");

    private FieldValue() {}

    static Optional<Object> of(ExtractRule.Type type, String text, LinkBase base) {
        return switch (type) {
            case STRING, HTML -> Optional.of(text);
            case NUMBER -> numeral(text, NUMBER).map(BigDecimal::new);
            case INTEGER -> numeral(text, INTEGER).map(BigInteger::new).map(FieldValue::narrowed);
            case BOOLEAN -> bool(text);
            case URL -> base.resolve(text).map(CanonicalUrl::toString);
        };
    }

    private static Optional<String> numeral(String text, Pattern pattern) {
        String trimmed = text.strip();
        return trimmed.length() <= LONGEST_NUMBER && pattern.matcher(trimmed).matches()
                ? Optional.of(trimmed)
                : Optional.empty();
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
}
