package fanout.internal.host;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a date in any of the three forms that RFC 9110, section 5.6.7, demands of a recipient: IMF-fixdate, that of RFC
 * 850 with two digits for the year, and that of C's asctime. All are GMT. The day of the week is not compared with the
 * date, because the date alone says when.
 */
final class HttpDate {

    private static final List<String> MONTHS = List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
            "oct", "nov", "dec");

    private static final String TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";

    private static final List<Pattern> FORMS = List.of(
            form("[a-z]{3}, (?<day>\\d\\d?) (?<month>[a-z]{3}) (?<year>\\d{4}) " + TIME
                    + " (?:GMT|UTC|[+-]0000)"),
            form("[a-z]{6,9}, (?<day>\\d\\d)-(?<month>[a-z]{3})-(?<year>\\d\\d) " + TIME + " GMT"),
            form("[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \\d]\\d) " + TIME + " (?<year>\\d{4})"));

    private HttpDate() {}

    private static Pattern form(String form) {
        return Pattern.compile(form, Pattern.CASE_INSENSITIVE);
    }

    /** The moment; empty if it is in none of the forms. */
    static Optional<Instant> parse(String date, Instant now) {
        for (Pattern form : FORMS) {
            Matcher matcher = form.matcher(date);
            if (matcher.matches()) {
                return moment(matcher, now);
            }
        }
        return Optional.empty();
    }

    private static Optional<Instant> moment(Matcher date, Instant now) {
        try {
            int month = MONTHS.indexOf(date.group("month").toLowerCase(Locale.ROOT)) + 1;
            int second = number(date, "second");
            LocalDateTime read = LocalDateTime.of(number(date, "year"), month, number(date, "day"),
                    number(date, "hour"), number(date, "minute"), second == 60 ? 59 : second); // a leap second
            boolean isShort = date.group("year").length() == 2;
            return Optional.of((isShort ? withCentury(read, now) : read).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty(); // no such day or time
        }
    }

    /**
     * The year with these digits that is at most fifty years ahead: the RFC takes one beyond that for one that has
     * passed.
     */
    private static LocalDateTime withCentury(LocalDateTime read, Instant now) {
        LocalDateTime latest = LocalDateTime.ofInstant(now, ZoneOffset.UTC).plusYears(50);
        LocalDateTime inItsCentury = read.plusYears(latest.getYear() / 100 * 100L);
        return inItsCentury.isAfter(latest) ? inItsCentury.minusYears(100) : inItsCentury;
    }

    private static int number(Matcher date, String group) {
        return Integer.parseInt(date.group(group).strip());
    }
}
