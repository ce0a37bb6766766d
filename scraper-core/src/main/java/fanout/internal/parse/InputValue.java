package fanout.internal.parse;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.IsoFields;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.nodes.Element;

/**
 * The value that an input element has before a user changes it: its value attribute after the sanitization of its type
 * (HTML Standard, section 4.10.5.1). Browsers leave out or replace what the type does not allow.
 */
final class InputValue {

    private static final Pattern NUMBER = Pattern.compile("-?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][-+]?\\d{1,4})?");
    private static final Pattern DATE = Pattern.compile("(\\d{4,9})-(\\d\\d)-(\\d\\d)");
    private static final Pattern MONTH = Pattern.compile("(\\d{4,9})-(\\d\\d)");
    private static final Pattern WEEK = Pattern.compile("(\\d{4,9})-W(\\d\\d)");
    private static final Pattern TIME =
            Pattern.compile("((?:[01]\\d|2[0-3]):[0-5]\\d)(?::([0-5]\\d)(?:\\.(\\d{1,3}))?)?");
    private static final Pattern COLOR = Pattern.compile("#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})");

    /** What a submit button says in English. */
    private static final String LABEL = "Submit";

    /** A longer number is refused: it takes long to compute with. */
    private static final int LONGEST_NUMBER = 100;

    private InputValue() {}

    /** Returns the type of an input element, in lower case. */
    static String type(Element input) {
        return input.attr("type").toLowerCase(Locale.ROOT);
    }

    /** Returns the value of an input element that has a text. */
    static String of(Element input) {
        String value = input.attr("value");
        return switch (type(input)) {
            case "submit" -> input.hasAttr("value") ? value : LABEL;
            case "hidden", "image", "reset", "button", "checkbox", "radio" -> value;
            case "url" -> trimmed(oneLine(value));
            case "email" -> input.hasAttr("multiple") ? Arrays.stream(value.split(",", -1))
                    .map(address -> trimmed(oneLine(address)))
                    .collect(Collectors.joining(",")) : trimmed(oneLine(value));
            case "number" -> number(value).isPresent() ? value : "";
            case "range" -> range(input);
            case "color" -> color(value.toLowerCase(Locale.ROOT));
            case "date" -> isDate(value) ? value : "";
            case "month" -> isMonth(value) ? value : "";
            case "week" -> isWeek(value) ? value : "";
            case "time" -> TIME.matcher(value).matches() ? value : "";
            case "datetime-local" -> dateTime(value);
            default -> oneLine(value);
        };
    }

    /** Returns a text without the line breaks in it. */
    private static String oneLine(String text) {
        return text.indexOf('\n') < 0 && text.indexOf('\r') < 0 ? text : text.replaceAll("[\r\n]", "");
    }

    /** Returns a text without the white space of ASCII at its ends. */
    static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    }

    // --- numbers ---

    private static Optional<BigDecimal> number(String text) {
        return text.length() <= LONGEST_NUMBER && NUMBER.matcher(text).matches()
                && Double.isFinite(Double.parseDouble(text)) ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    /** A slider is always somewhere: in the middle, if nothing says where. */
    private static String range(Element input) {
        Optional<BigDecimal> given = number(input.attr("value"));
        Optional<BigDecimal> givenMin = number(input.attr("min"));
        BigDecimal min = givenMin.orElse(BigDecimal.ZERO);
        BigDecimal max = number(input.attr("max")).orElse(BigDecimal.valueOf(100)).max(min);
        BigDecimal value = given.orElseGet(() -> min.add(max).divide(BigDecimal.TWO)).max(min).min(max);
        if (!trimmed(input.attr("step")).equalsIgnoreCase("any")) {
            BigDecimal step = number(input.attr("step")).filter(each -> each.signum() > 0).orElse(BigDecimal.ONE);
            BigDecimal origin = givenMin.or(() -> given).orElse(BigDecimal.ZERO);
            BigDecimal stepped = origin.add(step.multiply(
                    value.subtract(origin).divide(step, 0, RoundingMode.HALF_UP)));
            value = stepped.compareTo(max) > 0 ? stepped.subtract(step) : stepped;
            value = value.compareTo(min) < 0 ? min : value;
        }
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /** Colors by name are black here. */
    private static String color(String value) {
        String text = trimmed(value);
        if (!COLOR.matcher(text).matches()) {
            return "#000000";
        }
        return text.length() > 5 ? text.substring(0, 7)
                : "#" + text.substring(1, 4).replaceAll("(.)", "$1$1");
    }

    // --- dates ---

    private static boolean isDate(String text) {
        Matcher date = DATE.matcher(text);
        return date.matches() && exists(() -> LocalDate.of(Integer.parseInt(date.group(1)),
                Integer.parseInt(date.group(2)), Integer.parseInt(date.group(3))).getYear() > 0);
    }

    private static boolean isMonth(String text) {
        Matcher month = MONTH.matcher(text);
        return month.matches() && exists(() -> YearMonth.of(Integer.parseInt(month.group(1)),
                Integer.parseInt(month.group(2))).getYear() > 0);
    }

    private static boolean isWeek(String text) {
        Matcher week = WEEK.matcher(text);
        return week.matches() && exists(() -> {
            int year = Integer.parseInt(week.group(1));
            int number = Integer.parseInt(week.group(2));
            // The fourth of January is always in the first week.
            return year > 0 && number > 0
                    && number <= IsoFields.WEEK_OF_WEEK_BASED_YEAR.rangeRefinedBy(LocalDate.of(year, 1, 4))
                            .getMaximum();
        });
    }

    private static boolean exists(BooleanSupplier day) {
        try {
            return day.getAsBoolean();
        } catch (DateTimeException e) { // as the 30th of February
            return false;
        }
    }

    /** Returns date and time with a T in between, and without seconds that are 0. */
    private static String dateTime(String text) {
        int between = Math.max(text.indexOf('T'), text.indexOf(' '));
        if (between < 0 || !isDate(text.substring(0, between))) {
            return "";
        }
        Matcher time = TIME.matcher(text.substring(between + 1));
        if (!time.matches()) {
            return "";
        }
        String fraction = Optional.ofNullable(time.group(3)).orElse("").replaceAll("0+$", "");
        String seconds = Optional.ofNullable(time.group(2)).orElse("00");
        String rest = fraction.isEmpty() ? seconds.equals("00") ? "" : ":" + seconds : ":" + seconds + "." + fraction;
        return text.substring(0, between) + "T" + time.group(1) + rest;
    }
}
