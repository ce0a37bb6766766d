package fanout.sink;

import fanout.journal.Position;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Redirected;
import fanout.page.Attempt;
import fanout.page.Content;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One line for each outcome of any kind. Every line has every column; a column that does not apply is null.
 *
 * <p>Used by one thread at a time, as every sink is. Owns its {@link OutputFile} and closes it.
 */
public sealed class PagesFile implements Sink {

    /** A column that files of earlier versions do not have. In JSON Lines, only duplicates have it. */
    private static final String DUPLICATE_OF = "duplicateOf";
    /** The columns, in order. */
    static final List<String> COLUMNS =
            List.of("url", "outcome", "reason", "status", "redirectUrl", "redirects", "depth",
                    "label", "referrer", "contentType", "charset", "bytes", "title", "links", "attempts", "ip", "etag",
                    "lastModified", "contentHash", "fetchedAt", "durationMs", "detail", "method", "bodyHash", "data",
                    DUPLICATE_OF);
    /** The first of those that files of earlier versions have not. */
    private static final String FIRST_NEW = "method";
    private static final String EXTERNAL = "external";

    private final Rows rows;
    /** Whether a table has a column that says which rows are of links out of scope. */
    private final boolean hasExternal;
    private boolean hasRequest = true;
    private boolean hasDuplicateOf = true;

    private PagesFile(Rows rows, boolean hasExternal) {
        this.rows = rows;
        this.hasExternal = hasExternal;
    }

    /**
     * Pages as JSON Lines. Lines of links out of scope, and no others, have {@code external}; those of pages whose
     * content an earlier page had, and no others, have {@code duplicateOf}.
     */
    public static PagesFile jsonLines(OutputFile file) {
        return of(new JsonRows(file), false);
    }

    /** Pages as CSV, with a header. */
    public static PagesFile csv(OutputFile file) throws IOException {
        return csv(file, CsvStyle.STANDARD);
    }

    /** As {@link #csv(OutputFile)}, in another style. */
    public static PagesFile csv(OutputFile file, CsvStyle style) throws IOException {
        return csv(file, style, false);
    }

    /** As {@link #csv(OutputFile, CsvStyle)}, with the column {@code external} if the crawl asks links out of scope. */
    public static PagesFile csv(OutputFile file, CsvStyle style, boolean hasExternal) throws IOException {
        return of(new CsvRows(file, columns(hasExternal), style), hasExternal);
    }

    @Override
    public void write(Outcome outcome) throws IOException {
        rows.begin();
        boolean isJson = rows instanceof JsonRows;
        new Cells(rows::cell).write(outcome, hasRequest, isJson ? duplicateOf(outcome).isPresent() : hasDuplicateOf,
                hasExternal || (isJson && outcome.request().isExternal()));
        rows.end();
    }

    /**
     * Returns the names of the columns, in order.
     *
     * @param hasExternal whether the crawl asks links out of scope: the last column says which rows are of such a link
     */
    public static List<String> columns(boolean hasExternal) {
        return hasExternal ? Stream.concat(COLUMNS.stream(), Stream.of(EXTERNAL)).toList() : COLUMNS;
    }

    /**
     * Returns the row of an outcome, for sinks of other formats: a value or null for each of the {@linkplain #columns
     * columns}, in their order.
     */
    public static SequencedMap<String, @Nullable Object> row(Outcome outcome, boolean hasExternal) {
        SequencedMap<String, @Nullable Object> row = new LinkedHashMap<>();
        new Cells(row::put).write(outcome, true, true, hasExternal);
        return row;
    }

    private static Optional<String> duplicateOf(Outcome outcome) {
        return outcome instanceof Fetched page ? page.duplicateOf().map(CanonicalUrl::toString) : Optional.empty();
    }

    /** Gives the cells of a row, one after the other. */
    private record Cells(BiConsumer<String, @Nullable Object> out) {

        private void write(Outcome outcome, boolean hasRequest, boolean hasDuplicateOf, boolean hasExternal) {
            Request request = outcome.request();
            Optional<Attempt> last = outcome.trail().last();
            Optional<ResponseHead> head = last.flatMap(Attempt::head);
            Optional<Content> content =
                    outcome instanceof Fetched fetched ? Optional.of(fetched.content()) : Optional.empty();
            cell("url", request.url().toString());
            cell("outcome", outcome.name());
            cell("reason", outcome.reason().map(Reason::label));
            cell("status", head.map(ResponseHead::status));
            cell("redirectUrl", outcome instanceof Redirected redirected
                    ? Optional.of(redirected.target().toString())
                    : Optional.empty());
            cell("redirects", outcome.trail().redirects());
            cell("depth", request.depth());
            cell("label", request.label());
            cell("referrer", request.referrer().map(Object::toString));
            cell("contentType", head.flatMap(ResponseHead::contentType));
            cell("charset", content.flatMap(Content::charset));
            cell("bytes", content.map(Content::bytes));
            cell("title", content.flatMap(Content::title));
            cell("links", content.map(Content::links));
            cell("attempts", outcome.trail().attempts());
            cell("ip", last.flatMap(Attempt::ip));
            cell("etag", head.flatMap(ResponseHead::etag));
            cell("lastModified", head.flatMap(ResponseHead::lastModified));
            cell("contentHash", content.flatMap(Content::hash));
            cell("fetchedAt", last.map(attempt -> Attempt.TIMES.format(attempt.startedAt())));
            cell("durationMs", last.map(attempt -> attempt.duration().toMillis()));
            cell("detail", outcome.detail());
            if (hasRequest) {
                cell("method", request.details().method().name());
                cell("bodyHash", request.details().body().map(Request.Body::hash));
                cell("data", Optional.of(request.details().data()).filter(data -> !data.isEmpty()));
            }
            if (hasDuplicateOf) {
                cell(DUPLICATE_OF, duplicateOf(outcome));
            }
            if (hasExternal) {
                cell(EXTERNAL, request.isExternal());
            }
        }

        private void cell(String column, Object value) {
            out.accept(column, value);
        }

        private void cell(String column, Optional<?> value) {
            out.accept(column, value.map(Function.<Object>identity()).orElse(null));
        }
    }

    @Override
    public void flush() throws IOException {
        file().flush();
    }

    @Override
    public void close() throws IOException {
        file().close();
    }

    private static PagesFile of(Rows rows, boolean hasExternal) {
        return rows.file().isResumable() ? new ResumablePages(rows, hasExternal) : new PagesFile(rows, hasExternal);
    }

    /** Continues with the columns that the file has. */
    final void goOnAt(Position position) throws IOException {
        file().resumeAt(position);
        hasRequest = !rows.isResumedWithout(FIRST_NEW);
        hasDuplicateOf = !rows.isResumedWithout(DUPLICATE_OF);
    }

    final OutputFile file() {
        return rows.file();
    }

    /** On a file that was opened to be resumed. */
    private static final class ResumablePages extends PagesFile implements ResumableSink {

        private ResumablePages(Rows rows, boolean hasExternal) {
            super(rows, hasExternal);
        }

        @Override
        public Position commit() throws IOException {
            return file().commit();
        }

        @Override
        public void resumeAt(Position position) throws IOException {
            goOnAt(position);
        }
    }
}
