package fanout.app.config.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers, durations and sizes as jobs write them. */
public final class Quantities {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?) ?(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12}) ?(B|KiB|MiB|GiB)?");

    /** Further digits are not read: this many make a number too large for any key. */
    private static final int MOST_DIGITS = 30;

    private Quantities() {}

    /**
     * {@code 250ms}, {@code 1.5s}, {@code 10m}, {@code 2h}, {@code 1d}, ISO-8601 as {@code PT30S}, and a bare
     * {@code 0}.
     */
    public static Optional<Duration> duration(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            BigDecimal unit = BigDecimal.valueOf(switch (matcher.group(2)) {
                case "ms" -> 1_000_000L;
                case "s" -> 1_000_000_000L;
                case "m" -> 60_000_000_000L;
                case "h" -> 3_600_000_000_000L;
                default -> 86_400_000_000_000L;
            });
            BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(unit);
            BigDecimal[] seconds = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
            return Optional.of(Duration.ofSeconds(seconds[0].longValueExact(), seconds[1].longValue()));
        }
        try {
            return text.isEmpty() || "Pp-+".indexOf(text.charAt(0)) < 0 ? Optional.empty()
                    : Optional.of(Duration.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // the caller says what is expected, and at which place
        }
    }

    /** Whether one duration or size, as it was written, is no more than another. */
    static boolean isAtMost(String text, String most) {
        Optional<Duration> longest = duration(most);
        return longest.isPresent()
                ? duration(text).filter(value -> value.compareTo(longest.get()) <= 0).isPresent()
                : size(text).filter(value -> value <= size(most).orElseThrow()).isPresent();
    }

    /** {@code 512KiB}, {@code 8MiB}, {@code 1GiB}, or bytes. */
    static Optional<Long> size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int shift = switch (matcher.group(2) == null ? "B" : matcher.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
        };
        long count = Long.parseLong(matcher.group(1)); // twelve digits and thirty bits may reach 2^70
        return count > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(count << shift);
    }

    /** Returns a whole number as YAML 1.2 writes it: a decimal, {@code 0o17} or {@code 0x1f}. */
    static BigInteger integer(String text) {
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
