package fanout.sink;

import fanout.journal.Position;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Hyperlink;
import java.io.IOException;
import java.util.List;

/**
 * One line for each link of every fetched page, of a job that {@linkplain fanout.job.Parsing#keepLinks keeps} them:
 * {@code from}, {@code to}, {@code text}, {@code rel}, {@code nofollow}, {@code inScope}.
 *
 * <p>Used by one thread at a time, as every sink is. Owns its {@link OutputFile} and closes it.
 */
public sealed class LinksFile implements Sink {

    /** The columns, in order. */
    static final List<String> COLUMNS = List.of("from", "to", "text", "rel", "nofollow", "inScope");

    private final Rows rows;

    private LinksFile(Rows rows) {
        this.rows = rows;
    }

    /** Links as JSON Lines. */
    public static LinksFile jsonLines(OutputFile file) {
        return of(new JsonRows(file));
    }

    /** Links as CSV, with a header. */
    public static LinksFile csv(OutputFile file, CsvStyle style) throws IOException {
        return of(new CsvRows(file, COLUMNS, style));
    }

    @Override
    public void write(Outcome outcome) throws IOException {
        if (outcome instanceof Fetched fetched && !fetched.links().isEmpty()) {
            String from = fetched.request().url().toString();
            for (Hyperlink link : fetched.links()) {
                rows.begin();
                rows.cell("from", from);
                rows.cell("to", link.to().toString());
                rows.cell("text", link.text().orElse(null));
                rows.cell("rel", link.rel().orElse(null));
                rows.cell("nofollow", link.nofollow());
                rows.cell("inScope", link.inScope());
                rows.end();
            }
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

    private static LinksFile of(Rows rows) {
        return rows.file().isResumable() ? new ResumableLinks(rows) : new LinksFile(rows);
    }

    final OutputFile file() {
        return rows.file();
    }

    /** On a file that was opened to be resumed. */
    private static final class ResumableLinks extends LinksFile implements ResumableSink {

        private ResumableLinks(Rows rows) {
            super(rows);
        }

        @Override
        public Position commit() throws IOException {
            return file().commit();
        }

        @Override
        public void resumeAt(Position position) throws IOException {
            file().resumeAt(position);
        }
    }
}
