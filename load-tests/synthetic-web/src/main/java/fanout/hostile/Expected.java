package fanout.hostile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a crawl must write of a URL, or of many that begin alike. Immutable.
 *
 * @param url relative to the case's host, or absolute, with {@code PORT} for the web's port and {@code HOST} for the
 *     case's
 * @param times 1: this URL; more: as many URLs that begin with this one
 * @param columns of the pages file, with their values as text; {@code detail} need only be contained; null is null
 * @param heavy so much work for a parser that a slow machine may rightly say {@code timeout} of it
 * @param byDefault the same for a crawl with the default {@code maxBodySize}, if that makes a difference
 */
public record Expected(
        String url,
        int times,
        Map<String, @Nullable String> columns,
        boolean heavy,
        Optional<Expected> byDefault) {

    static Expected ok() {
        return of("ok", null);
    }

    /** A line, whatever it says: who speaks before it is asked gets what it deserves. */
    static Expected any() {
        return new Expected("/", 1, Map.of(), false, Optional.empty());
    }

    static Expected failed(String reason) {
        return of("failed", reason);
    }

    static Expected skipped(String reason) {
        return of("skipped", reason);
    }

    static Expected redirected() {
        return of("redirected", null);
    }

    /** As many HTTP errors as the job has attempts. */
    static Expected status(int status) {
        return failed("http_status").with("status", String.valueOf(status));
    }

    private static Expected of(String outcome, @Nullable String reason) {
        Map<String, @Nullable String> columns = new LinkedHashMap<>();
        columns.put("outcome", outcome);
        columns.put("reason", reason);
        return new Expected("/", 1, columns, false, Optional.empty());
    }

    /** Whether it is of one URL, not of many that begin alike. */
    public boolean isExact() {
        return times == 1;
    }

    Expected at(String otherUrl) {
        return new Expected(otherUrl, times, columns, heavy, byDefault.map(line -> line.at(otherUrl)));
    }

    /** As many URLs that begin with this one. */
    Expected times(int number) {
        return new Expected(url, number, columns, heavy, byDefault);
    }

    Expected with(String column, @Nullable String value) {
        Map<String, @Nullable String> more = new LinkedHashMap<>(columns);
        more.put(column, value);
        return new Expected(url, times, more, heavy, byDefault);
    }

    Expected heavyWork() {
        return new Expected(url, times, columns, true, byDefault);
    }

    Expected title(String title) {
        return with("title", title);
    }

    Expected detail(String part) {
        return with("detail", part);
    }

    /** What to expect instead where pages may be of 8 MiB. */
    Expected byDefault(Expected other) {
        return new Expected(url, times, columns, heavy, Optional.of(other.at(url)));
    }

    /** What a crawl must write under the default limits, or under those of 1 MiB. */
    public Expected under(boolean defaults) {
        return defaults ? byDefault.orElse(this) : this;
    }

    /** This line with its whole URL. */
    Expected resolved(String origin, int port) {
        String host = origin.substring(origin.indexOf("//") + 2, origin.lastIndexOf(':'));
        String whole = url.startsWith("/")
                ? origin + url
                : url.replace("PORT", String.valueOf(port)).replace("HOST", host);
        return new Expected(whole, times, columns, heavy, byDefault.map(line -> line.resolved(origin, port)));
    }
}
