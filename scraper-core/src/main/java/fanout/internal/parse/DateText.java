package fanout.internal.parse;

import fanout.job.DatePattern;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dates as pages write them, and as ISO 8601 writes them. Immutable. */
final class DateText {

    private static final int LONGEST = 100;

    /** With an offset as 02:00, 0200, 02 or Z. */
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXXXX][XXXX][XXX][XX][X]")
            .toFormatter(Locale.ROOT);

    /** The time comes after T or, as RFC 3339 allows and many write, a space. */
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder().parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(TIME)
            .optionalEnd()
            .optionalStart()
            .appendLiteral(' ')
            .append(TIME)
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private static final List<DateTimeFormatter> STANDARD = List.of(ISO, DateTimeFormatter.RFC_1123_DATE_TIME);

    private final List<DateTimeFormatter> formats;

    DateText(Optional<DatePattern> pattern) {
        this.formats = pattern.map(DatePattern::formatter).map(List::of).orElse(STANDARD);
    }

    /** The date in ISO 8601, with time and offset if the text has them. */
    Optional<String> iso(String text) {
        String written = text.strip();
        if (written.length() > LONGEST) {
            return Optional.empty();
        }
        return formats.stream().flatMap(format -> iso(written, format).stream()).findFirst();
    }

    private static Optional<String> iso(String text, DateTimeFormatter format) {
        try {
            return iso(format.parse(text));
        } catch (DateTimeException _) {
            return Optional.empty(); // the caller says so
        }
    }

    private static Optional<String> iso(TemporalAccessor parsed) {
        @Nullable
        LocalDate date = parsed.query(TemporalQueries.localDate());
        @Nullable
        LocalTime time = parsed.query(TemporalQueries.localTime());
        @Nullable
        ZoneId zone = parsed.query(TemporalQueries.zone());
        if (date == null) {
            return Optional.empty();
        }
        if (time == null) {
            return Optional.of(DateTimeFormatter.ISO_LOCAL_DATE.format(date));
        }
        if (zone == null) {
            return Optional.of(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(date.atTime(time)));
        }
        ZoneOffset offset = zone.getRules().getOffset(date.atTime(time));
        return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(OffsetDateTime.of(date, time, offset)));
    }
}
