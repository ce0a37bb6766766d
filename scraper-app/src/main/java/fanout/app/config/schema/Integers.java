package fanout.app.config.schema;

import java.math.BigInteger;

/** Whole numbers as YAML 1.2 writes them. */
final class Integers {

    /** Further digits are not read: this many make a number too large for any key. */
    private static final int MOST_DIGITS = 30;

    private Integers() {}

    /** A decimal, {@code 0o17} or {@code 0x1f}. */
    static BigInteger parse(String text) {
        if (text.startsWith("0o") || text.startsWith("0x")) {
            return new BigInteger(start(text.substring(2)), text.charAt(1) == 'o' ? 8 : 16);
        }
        boolean signed = text.startsWith("-") || text.startsWith("+");
        BigInteger digits = new BigInteger(start(signed ? text.substring(1) : text));
        return text.startsWith("-") ? digits.negate() : digits;
    }

    private static String start(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.substring(0, Math.min(significant.length(), MOST_DIGITS));
    }
}
