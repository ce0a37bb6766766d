package fanout.internal.parse;

import fanout.job.DecimalMark;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers in a text that was written for people, as in "€ 1,003.50". A number is digits, groups of three of them, a
 * fraction and an exponent; what joins digits without making a number, as in "1,23", spoils it rather than parting it
 * in two, and what
 * multiplies it, as in "1.2k", makes it another number than its digits say.
 * One pass, because a text may have megabytes.
 */
final class NumberText {

    /** Longer numbers are no quantities, and exponents without limit make numbers that cannot be printed. */
    private static final int LONGEST = 100;

    /**
     * Between the groups of a number: the no-break spaces, the thin space, apostrophes. The other mark comes with the
     * number.
     */
    private static final String SEPARATORS = "\u00a0\u202f\u2009'\u2019";

    private static final String SIGNS = "+-\u2212";

    /** A sign may stand before the currency. Read backwards from the number. */
    private static final Pattern CURRENCY =
            Pattern.compile("(?:[A-Z]{1,3}\\p{Sc}|\\p{Sc}|[A-Z]{3})?[ \u00a0\u202f\u2009]?$");

    private static final int LONGEST_CURRENCY = 5;

    private static final String SPACE = "[ \u00a0\u202f\u2009]?";

    private static final String CODE =
            "(?:AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HUF|INR|JPY|MXN|NOK|NZD|PLN|SEK|USD|ZAR)";

    private static final Pattern MONEY_BEFORE = Pattern.compile("(?:\\p{Sc}|" + CODE + ")" + SPACE + "$");

    /**
     * What changes the value of the number before it: 1.2k, 3 M, 5 Mio., 2 dozen, 1½, 1.2万. A unit, as in 5 kg or 12
     * %, does not. What
     * may be either counts: a number that is a thousand times too small is worse than none.
     */
    private static final Pattern MULTIPLIER = Pattern.compile(SPACE + "([kKM](?![\\p{L}\\p{N}])"
            + "|[kKMT]" + CODE + "(?!\\p{L})|[¼-¾⅐-⅟百千万萬億亿兆백천만억조]"
            + "|(?iu:hundred|dozen|thousand|thsd|tsd|tausend|mille|mil|tys|millions?|millionen|mio|mill|mln"
            + "|mill[oó]n|millones|milion[ei]|milhão|milhões|miljoen|miljon|miljoner|billions?|billionen|bn|bln"
            + "|milliards?|milliarden?|miljard|miljarder|mrd|mld|mia|trillions?|trillionen|lakhs?|crores?"
            + "|тыс|млн|млрд|трлн)(?!\\p{L}))");

    /** The same where no space is between: 5 T are tonnes, and 5² is 25 or has a footnote. */
    private static final Pattern TOUCHING_MULTIPLIER =
            Pattern.compile("([BGT](?![\\p{L}\\p{N}])|[\u00b2\u00b3\u00b9\u2070-\u2079])");

    /** The same of money: 5 m is a length, and £5m five millions. */
    private static final Pattern MONEY_MULTIPLIER = Pattern.compile(SPACE + "(m|b|t|mm|mn|tn|trn|cr|B|T)(?!\\p{L})"
            + "(" + SPACE + "(?:\\p{Sc}|" + CODE + "))?");

    private static final int LONGEST_MULTIPLIER = 20;

    private final String text;
    private final DecimalMark decimal;

    private NumberText(String text, DecimalMark decimal) {
        this.text = text;
        this.decimal = decimal;
    }

    /** What a text holds. */
    sealed interface Found {

        /** One number. */
        record One(BigDecimal value) implements Found {}

        /** No digit. */
        record None() implements Found {}

        /** Digits that make no number with this decimal mark. */
        record Spoilt() implements Found {}

        /** A number and what makes another of it, such as k, Mio. or ½. */
        record Changed(String by) implements Found {}

        /** More than one number. */
        record Several() implements Found {}
    }

    static Found in(String text, DecimalMark decimal) {
        return new NumberText(text, decimal).find();
    }

    private Found find() {
        int first = nextDigit(0);
        if (first < 0) {
            return new Found.None();
        }
        int start = withLeadingMark(first);
        int end = endOfRun(first);
        int endWithExponent = endOfExponent(end);
        if (nextDigit(endWithExponent) >= 0) {
            return new Found.Several();
        }
        boolean tooLong = endWithExponent - start > LONGEST;
        Optional<String> plain =
                tooLong || isSpoiltBefore(start) ? Optional.empty() : plain(text.substring(start, end));
        Optional<Boolean> negative = plain.flatMap(_ -> isNegative(start));
        if (negative.isEmpty()) {
            return new Found.Spoilt();
        }
        Optional<String> multiplier = multiplier(start, endWithExponent);
        return multiplier.isPresent() ? new Found.Changed(multiplier.get())
                : new Found.One(value((negative.get() ? "-" : "") + plain.orElseThrow()
                        + text.substring(end, endWithExponent)));
    }

    /** What comes right after the number and changes its value. */
    private Optional<String> multiplier(int start, int end) {
        String after = text.substring(end, Math.min(text.length(), end + LONGEST_MULTIPLIER));
        for (Pattern pattern : List.of(MULTIPLIER, TOUCHING_MULTIPLIER)) {
            Matcher matcher = pattern.matcher(after);
            if (matcher.lookingAt()) {
                return Optional.of(matcher.group(1));
            }
        }
        Matcher money = MONEY_MULTIPLIER.matcher(after);
        boolean isMoney = money.lookingAt() && (money.group(2) != null
                || MONEY_BEFORE.matcher(text.substring(Math.max(0, start - LONGEST_CURRENCY), start)).find());
        return isMoney ? Optional.of(money.group(1)) : Optional.empty();
    }

    /** Without trailing zeros, and without an exponent of its own. */
    private static BigDecimal value(String digits) {
        BigDecimal value = new BigDecimal(digits).stripTrailingZeros();
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    private int nextDigit(int from) {
        for (int i = from; i < text.length(); i++) {
            if (isDigit(i)) {
                return i;
            }
        }
        return -1;
    }

    /** Only these: other scripts' digits have other marks, too. */
    private boolean isDigit(int at) {
        return at >= 0 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private boolean isJoint(int at) {
        char c = text.charAt(at);
        return c == '.' || c == ',' || SEPARATORS.indexOf(c) >= 0;
    }

    /** {@code .5} is a half, {@code v.5} and {@code ...5} are not. */
    private int withLeadingMark(int first) {
        return isMarked(first, decimal) ? first - 1 : first;
    }

    private boolean isMarked(int digit, DecimalMark mark) {
        return digit > 0 && text.charAt(digit - 1) == mark.character()
                && (digit == 1 || !isWordOrMark(text.charAt(digit - 2)));
    }

    private static boolean isWordOrMark(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == ',';
    }

    /** {@code ,5} with a decimal point: who wrote it had another mark in mind. */
    private boolean isSpoiltBefore(int start) {
        return isMarked(start, decimal.other());
    }

    /** Digits, and single joints between them. */
    private int endOfRun(int from) {
        int at = from;
        while (isDigit(at) || (at < text.length() && isJoint(at) && isDigit(at + 1))) {
            at++;
        }
        return at;
    }

    /** {@code e5}, if that is where a word ends. */
    private int endOfExponent(int from) {
        if (from >= text.length() || (text.charAt(from) | 0x20) != 'e') {
            return from;
        }
        int digits = from + 1 < text.length() && "+-".indexOf(text.charAt(from + 1)) >= 0 ? from + 2 : from + 1;
        int end = digits;
        while (isDigit(end)) {
            end++;
        }
        boolean isExponent = end > digits && end - digits <= 3
                && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
        return isExponent ? end : from;
    }

    /**
     * The digits without their groups, with a point; empty if the groups are not of three, or marks are there twice.
     */
    private Optional<String> plain(String run) {
        int mark = run.indexOf(decimal.character());
        String whole = mark < 0 ? run : run.substring(0, mark);
        String fraction = mark < 0 ? "" : run.substring(mark + 1);
        if (!fraction.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return ungrouped(whole).map(digits -> digits + (fraction.isEmpty() ? "" : "." + fraction));
    }

    private Optional<String> ungrouped(String whole) {
        int joint = 0;
        while (joint < whole.length() && whole.charAt(joint) >= '0' && whole.charAt(joint) <= '9') {
            joint++;
        }
        if (joint == whole.length()) {
            return Optional.of(whole.isEmpty() ? "0" : whole);
        }
        List<String> groups =
                new ArrayList<>(List.of(whole.split(Pattern.quote(whole.substring(joint, joint + 1)), -1)));
        String leading = groups.removeFirst();
        boolean valid = leading.matches("[1-9][0-9]{0,2}") && groups.stream().allMatch(g -> g.matches("[0-9]{3}"));
        return valid ? Optional.of(leading + String.join("", groups)) : Optional.empty();
    }

    /** Whether a sign is there that says so; empty for two signs in a row. */
    private Optional<Boolean> isNegative(int start) {
        int before = start;
        if (!isSign(before - 1)) {
            int from = Math.max(0, start - LONGEST_CURRENCY);
            var currency = CURRENCY.matcher(text.substring(from, start));
            before = currency.find() ? from + currency.start() : start;
            boolean opens = text.substring(0, Math.max(0, before - 1)).isBlank();
            if (before < start && text.substring(before, start).isBlank() && !opens) {
                return Optional.of(false); // a dash between words
            }
        }
        int sign = before - 1;
        if (!isSign(sign) || (sign > 0 && Character.isLetterOrDigit(text.charAt(sign - 1)))) {
            return Optional.of(false); // none, or a hyphen
        }
        return isSign(sign - 1) ? Optional.empty() : Optional.of(text.charAt(sign) != '+');
    }

    private boolean isSign(int at) {
        return at >= 0 && SIGNS.indexOf(text.charAt(at)) >= 0;
    }
}
