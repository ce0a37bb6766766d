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
import java.util.Optional;

/**
 * How dates are written on a page. Immutable.
 *
 * <p>A pattern or language that cannot be used is an {@code IllegalArgumentException}.
 *
 * @param pattern as {@link DateTimeFormatter} defines them, such as {@code d MMMM yyyy}; it must have a day, a month and a year
 * @param locale the language of the names of months and days, as a BCP 47 tag such as {@code de}; empty: English
 */
public record DatePattern(String pattern, Optional<String> locale) {

    private static final Instant ANY_TIME = Instant.parse("2026-11-25T13:45:56Z");
    private static final int LONGEST = 200;

    public DatePattern {
        Require.check(pattern.length() <= LONGEST, "format", "must have at most " + LONGEST + " characters");
        Require.check(locale.isEmpty() || isKnown(locale.get()), "locale",
                "must be a language, as in de or en-GB, not \"" + locale.orElse("") + "\"");
        checkReads(pattern, compiled(pattern, locale));
    }

    /** The formatter that reads such dates, in any case. */
    public DateTimeFormatter formatter() {
        return compiled(pattern, locale);
    }

    private static DateTimeFormatter compiled(String pattern, Optional<String> locale) {
        try {
            return new DateTimeFormatterBuilder().parseCaseInsensitive()
                    .appendPattern(pattern)
                    .parseDefaulting(ChronoField.ERA, IsoEra.CE.getValue())
                    .toFormatter(locale.map(Locale::forLanguageTag).orElse(Locale.ENGLISH))
                    .withResolverStyle(ResolverStyle.STRICT); // or 30 February were the 28th
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "format is not a pattern for dates: \"" + pattern + "\" (" + e.getMessage() + ")", e);
        }
    }

    private static boolean isKnown(String tag) {
        try {
            String language = new Locale.Builder().setLanguageTag(tag).build().getLanguage();
            return Arrays.asList(Locale.getISOLanguages()).contains(language);
        } catch (IllformedLocaleException _) {
            return false;
        }
    }

    /** A pattern of hours and minutes would never make a date. */
    private static void checkReads(String pattern, DateTimeFormatter formatter) {
        boolean isDate;
        try {
            String written = formatter.format(ANY_TIME.atZone(ZoneOffset.UTC));
            isDate = formatter.parse(written).query(TemporalQueries.localDate()) != null;
        } catch (DateTimeException _) {
            isDate = false;
        }
        Require.check(isDate, "format", "must have a day, a month and a year, not only \"" + pattern + "\"");
    }
}
