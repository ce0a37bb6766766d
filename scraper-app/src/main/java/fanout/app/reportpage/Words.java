package fanout.app.reportpage;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers, sizes and times for people, as the dashboard shows them. Stateless. */
final class Words {

    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private Words() {}

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A number and what is counted. */
    static String count(long value, String one, String several) {
        return number(value) + " " + (value == 1 ? one : several);
    }

    static String bytes(long value) {
        double size = value;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.size() - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, size < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", size, UNITS.get(unit));
    }

    static String duration(long ms) {
        long seconds = Math.round(ms / 1000.0);
        if (ms < 1000) {
            return ms + " ms";
        }
        if (ms < 9950) {
            return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return parts(seconds, 60, "min", "s");
        }
        return seconds < 48 * 3600 ? parts(Math.round(seconds / 60.0), 60, "h", "min")
                : parts(Math.round(seconds / 3600.0), 24, "d", "h");
    }

    private static String parts(long value, long size, String large, String small) {
        return value / size + " " + large + (value % size == 0 ? "" : " " + value % size + " " + small);
    }

    /** A share in percent. Only all is 100 %, and only none is 0 %. */
    static String percent(long part, long all) {
        if (part == all || part == 0) {
            return part == 0 ? "0 %" : "100 %";
        }
        double percent = 100.0 * part / all;
        return percent < 0.1 ? "< 0.1 %"
                : percent > 99.9 ? "> 99.9 %"
                        : String.format(Locale.ROOT, percent < 10 || percent > 99 ? "%.1f %%" : "%.0f %%", percent);
    }

    /** By how much a figure has changed; empty if it has not, or there was none. */
    static String change(long before, long now) {
        if (before == now || before == 0) {
            return before == now ? "" : "new";
        }
        double percent = 100.0 * (now - before) / before;
        return percent >= 900 ? String.format(Locale.ROOT, "× %.0f", (double) now / before)
                : String.format(Locale.ROOT, Math.abs(percent) < 10 ? "%+.1f %%" : "%+.0f %%", percent)
                        .replace('-', '\u2212');
    }

    /** A time in RFC 3339, for people; as it is if it is none. */
    static String time(@Nullable String text) {
        if (text == null) {
            return "unknown";
        }
        try {
            return TIME.format(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return text; // of a report that another program wrote
        }
    }
}
