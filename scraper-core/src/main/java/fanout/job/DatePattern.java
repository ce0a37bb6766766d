package fanout.job;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.chrono.IsoEra;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalQueries;
import java.util.Arrays;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How dates are written on a page. Immutable.
 *
 * <p>A pattern or language that cannot be used is an {@code IllegalArgumentException}.
 *
 * @param pattern as {@link DateTimeFormatter} defines them, such as {@code d MMMM yyyy}; it must have a day, a month
 *     and a year
 * @param locale the language of the names of months and days, as a BCP 47 tag such as {@code de}; empty: English
 */
public record DatePattern(String pattern, Optional<String> locale) {

    private static final Instant ANY_TIME = Instant.parse("2026-11-25T13:45:56Z");
    private static final int LONGEST = 200;
    private static final Pattern DAY_OF_YEAR_AND_MONTH = Pattern.compile("D.*[ML]|[ML].*D", Pattern.DOTALL);
    private static final Pattern MINUTE_BEFORE_HOUR = Pattern.compile("^[^HhKk]*m[^HhKk]*[HhKk]", Pattern.DOTALL);
    private static final Pattern STRFTIME = Pattern.compile("%(-?.)");
    private static final Map<String, String> DIRECTIVES = Map.ofEntries(Map.entry("Y", "yyyy"), Map.entry("y", "yy"),
            Map.entry("m", "MM"), Map.entry("B", "MMMM"), Map.entry("b", "MMM"), Map.entry("d", "dd"),
            Map.entry("e", "d"), Map.entry("-d", "d"), Map.entry("-m", "M"),
            Map.entry("A", "EEEE"), Map.entry("a", "EEE"), Map.entry("H", "HH"), Map.entry("I", "hh"),
            Map.entry("M", "mm"),
            Map.entry("S", "ss"), Map.entry("p", "a"), Map.entry("T", "HH:mm:ss"), Map.entry("F", "yyyy-MM-dd"));

    public DatePattern {
        Require.check(pattern.length() <= LONGEST, "format", "must have at most " + LONGEST + " characters");
        String letters = pattern.replaceAll("'[^']*'", "");
        Require.check(!DAY_OF_YEAR_AND_MONTH.matcher(letters).find(), "format",
                "must not have a day of the year (D) next to a month: \"" + pattern + "\"" + cure(pattern, locale));
        Require.check(!MINUTE_BEFORE_HOUR.matcher(letters).find(), "format",
                "must not have minutes (m) before the hour, for months are M: \"" + pattern + "\""
                        + cure(pattern, locale));
        Require.check(locale.isEmpty() || isKnown(locale.get()), "locale",
                "must be a language, as in de or en-GB, not \"" + locale.orElse("") + "\"");
        Require.check(reads(compiled(pattern, locale)), "format",
                "must have a day, a month and a year, not only \"" + pattern + "\"" + cure(pattern, locale));
    }

    /** The formatter that reads such dates, in any case. */
    public DateTimeFormatter formatter() {
        return compiled(pattern, locale);
    }

    private static DateTimeFormatter compiled(String pattern, Optional<String> locale) {
        try {
            return build(pattern, locale);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("format is not a pattern for dates: \"" + pattern + "\" ("
                    + e.getMessage() + ")" + cure(pattern, locale), e);
        }
    }

    private static DateTimeFormatter build(String pattern, Optional<String> locale) {
        return new DateTimeFormatterBuilder().parseCaseInsensitive()
                .appendPattern(pattern)
                .parseDefaulting(ChronoField.ERA, IsoEra.CE.getValue())
                .toFormatter(locale.map(Locale::forLanguageTag).orElse(Locale.ENGLISH))
                .withResolverStyle(ResolverStyle.STRICT); // or 30 February were the 28th
    }

    /** The same in java.time's letters, if it is in those of another library, which are easily taken for them. */
    private static String cure(String pattern, Optional<String> locale) {
        String translated = translated(pattern);
        try {
            return !translated.equals(pattern) && reads(build(translated, locale))
                    ? "; in java.time's letters, where y is the year, M the month and d the day, it is " + translated
                    : "";
        } catch (IllegalArgumentException _) {
            return ""; // it is in no letters that are known
        }
    }

    private static String translated(String pattern) {
        if (pattern.indexOf('%') >= 0) {
            return STRFTIME.matcher(pattern.replace("T%", "'T'%"))
                    .replaceAll(found -> DIRECTIVES.getOrDefault(found.group(1), "%"));
        }
        String moment = pattern.replace("dddd", "EEEE")
                .replace("ddd", "EEE")
                .replace('Y', 'y')
                .replace('D', 'd')
                .replaceAll("(?<=[dy])T(?=[Hh])", "'T'");
        return moment.indexOf('M') >= 0 ? moment : moment.replaceFirst("mm?", "MM");
    }

    private static boolean isKnown(String tag) {
        try {
            String language = new Locale.Builder().setLanguageTag(tag).build().getLanguage();
            return Arrays.asList(Locale.getISOLanguages()).contains(language);
        } catch (IllformedLocaleException _) {
            return false;
        }
    }

    /** Whether it reads dates: one of hours and minutes would never make one. */
    private static boolean reads(DateTimeFormatter formatter) {
        try {
            String written = formatter.format(ANY_TIME.atZone(ZoneOffset.UTC));
            return formatter.parse(written).query(TemporalQueries.localDate()) != null;
        } catch (DateTimeException _) {
            return false;
        }
    }
}
