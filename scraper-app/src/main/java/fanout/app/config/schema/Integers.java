package fanout.app.config.schema;

import java.math.BigInteger;

/** Whole numbers as YAML 1.2 writes them. */
final class Integers {

    private Integers() {}

    /** A decimal, {@code 0o17} or {@code 0x1f}; of one with too many digits, only as many as make it too large for anything. */
    static BigInteger parse(String text, int mostDigits) {
        if (text.startsWith("0o") || text.startsWith("0x")) {
            return new BigInteger(start(text.substring(2), mostDigits), text.charAt(1) == 'o' ? 8 : 16);
        }
        boolean signed = text.startsWith("-") || text.startsWith("+");
        BigInteger digits = new BigInteger(start(signed ? text.substring(1) : text, mostDigits));
        return text.startsWith("-") ? digits.negate() : digits;
    }

    private static String start(String digits, int most) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.substring(0, Math.min(significant.length(), most));
    }
}
