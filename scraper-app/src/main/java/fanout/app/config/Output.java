package fanout.app.config;

import fanout.job.Secrets;
import fanout.sink.Compression;
import fanout.sink.CsvStyle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One destination of a crawl's rows. Immutable. */
public sealed interface Output {

    /** Returns whether it is standard output. */
    default boolean isStandardOutput() {
        return false;
    }

    /** Returns what people call it. */
    String place();

    /**
     * A file that a crawl writes, or standard output.
     *
     * @param path as given; {@code -} is standard output, and so are the names that systems have for it: opened by one
     *     of them, it would be emptied, and a terminal would get what the web has put into a page
     */
    record File(Path path, Format format, Compression compression) implements Output {

        /** The system's name for standard output. */
        static final Path DEVICE = Path.of("/dev/stdout");

        private static final Set<Path> STANDARD_OUTPUT =
                Set.of(Path.of("-"), DEVICE, Path.of("/dev/fd/1"), Path.of("/proc/self/fd/1"));

        /** A file that is not compressed. */
        public File(Path path, Format format) {
            this(path, format, Compression.NONE);
        }

        @Override
        public boolean isStandardOutput() {
            return STANDARD_OUTPUT.contains(path.normalize());
        }

        @Override
        public String place() {
            return isStandardOutput() ? "standard output" : path.toString();
        }
    }

    /**
     * A table of a PostgreSQL database.
     *
     * @param url as JDBC has it, without a login
     * @param user empty if it is the one that runs the process
     * @param password empty if the server asks for none, or it lies where PostgreSQL's programs look
     * @param key the columns by which a later row replaces an earlier one; empty if every row is a new one
     */
    record Postgres(
            String url,
            Optional<String> user,
            Optional<Secrets.Secret> password,
            String table,
            List<String> key) implements Output {

        public Postgres {
            key = List.copyOf(key);
        }

        @Override
        public String place() {
            return "the table " + table + " of " + url;
        }
    }

    /** How rows are written to a file. */
    sealed interface Format {

        /** Every row a JSON object on a line of its own. */
        Format JSON_LINES = new JsonLines();

        /** A table as most programs read it. */
        Format CSV = new Csv(CsvStyle.STANDARD);

        /** As {@link #JSON_LINES}. */
        record JsonLines() implements Format {}

        /** A table. */
        record Csv(CsvStyle style) implements Format {}

        /** A table of a SQLite database. */
        record Sqlite(String table) implements Format {}
    }
}
