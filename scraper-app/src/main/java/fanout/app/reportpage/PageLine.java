package fanout.app.reportpage;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of pages, as far as the report page shows it. Immutable.
 *
 * @param key of its request
 * @param durationMs of the last attempt; -1 if there was none
 */
record PageLine(long key, Found found, Result result, Answer answer, long durationMs) {

    /** The columns that it is made of. */
    static final Set<String> COLUMNS = Set.of("url", "outcome", "reason", "status", "redirectUrl", "depth", "referrer",
            "contentType", "bytes", "title", "contentHash", "durationMs", "detail", "method", "bodyHash", "external");

    /** What becomes of a URL that the contract of the page distinguishes. */
    enum Kind {
        /** Its content is known: it was ok, or is as it was at the last crawl. */
        PAGE(0, "ok"),
        REDIRECTED(1, "redirected"),
        FAILED(2, "failed"),
        /** Skipped or cancelled: nothing is known of it. */
        LEFT(3, "left out");

        private final int number;
        private final String label;

        Kind(int number, String label) {
            this.number = number;
            this.label = label;
        }

        /** Returns a number of two bits, from 0. */
        int number() {
            return number;
        }

        /** Returns the kind with such a number. */
        static Kind of(int number) {
            return switch (number) {
                case 0 -> PAGE;
                case 1 -> REDIRECTED;
                case 2 -> FAILED;
                default -> LEFT;
            };
        }

        String label() {
            return label;
        }
    }

    /** @param isExternal whether it is a link out of scope, which was asked for and not crawled */
    record Found(String url, int depth, @Nullable String referrer, boolean isExternal) {}

    /** @param status 0 if there was no answer */
    record Result(String outcome, @Nullable String reason, int status, @Nullable String detail) {

        Kind kind() {
            return switch (outcome) {
                case "ok", "unmodified" -> Kind.PAGE;
                case "redirected" -> Kind.REDIRECTED;
                case "failed" -> Kind.FAILED;
                case "skipped" -> "fresh".equals(reason) ? Kind.PAGE : Kind.LEFT;
                default -> Kind.LEFT;
            };
        }

        /** Returns the status, or the reason if no status explains it. */
        String label() {
            boolean isStatus = status > 0 && (reason == null || reason.equals("http_status"));
            return isStatus ? String.valueOf(status) : reason == null ? outcome : reason;
        }
    }

    /** @param bytes 0 if there is no body */
    record Answer(
            @Nullable String redirectUrl,
            @Nullable String contentType,
            long bytes,
            @Nullable String title,
            @Nullable String contentHash) {

        private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");

        /** Returns the type without parameters; null if the response names no type. */
        @Nullable
        String type() {
            return contentType == null ? null : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        }

        boolean isHtml() {
            String type = type();
            return type != null && HTML.contains(type);
        }
    }

    /** Returns the line; null if the row has no URL or no outcome. */
    static @Nullable PageLine of(Row row, Keys keys) {
        String url = row.text("url");
        String outcome = row.text("outcome");
        if (url == null || outcome == null) {
            return null;
        }
        String method = row.text("method");
        return new PageLine(keys.of(url, method == null ? "GET" : method, row.text("bodyHash")),
                new Found(url, (int) row.number("depth", 0), row.text("referrer"), row.isTrue("external")),
                new Result(outcome, row.text("reason"), (int) row.number("status", 0), row.text("detail")),
                new Answer(row.text("redirectUrl"), row.text("contentType"), row.number("bytes", 0), row.text("title"),
                        row.text("contentHash")),
                row.number("durationMs", -1));
    }

    /** Returns the line without the ends of its long texts, except URLs. */
    PageLine shortened() {
        return new PageLine(key, found,
                new Result(result.outcome, result.reason, result.status, Texts.cut(result.detail)),
                new Answer(answer.redirectUrl, answer.contentType, answer.bytes, Texts.cut(answer.title),
                        answer.contentHash),
                durationMs);
    }

    /** Takes the memory of its texts; returns false if there is too little. */
    boolean isTaken(Texts texts) {
        return texts.take(found.url, found.referrer, result.detail, answer.redirectUrl, answer.contentType,
                answer.title, answer.contentHash);
    }

    String url() {
        return found.url();
    }

    Kind kind() {
        return result.kind();
    }

    /** Returns whether a link to it does not work. A page that is too large, or that may not be asked for, does. */
    boolean isBroken() {
        return kind() == Kind.FAILED && switch (result.reason()) {
            case "body_too_large", "private_address", "parse", "session" -> false;
            case null, default -> true;
        };
    }
}
