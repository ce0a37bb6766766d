package fanout.app.config.document;

/**
 * A place in a source.
 *
 * @param source the file, or the option
 * @param line from 1; 0 if the source has no lines
 * @param column from 1, in characters
 * @param path the keys that lead there, as {@code limits.maxPages} or {@code extract[0].name}; empty for the whole
 *     document
 */
public record DocumentPosition(String source, int line, int column, String path) {

    /** A place that no keys lead to. */
    public DocumentPosition(String source, int line, int column) {
        this(source, line, column, "");
    }

    /** Where a file begins. */
    public static DocumentPosition startOf(String source) {
        return new DocumentPosition(source, 1, 1);
    }

    /** For a message about another place in the same source. */
    public String shortly() {
        return line == 0 ? source : "line " + line;
    }

    /** The same place, to which these keys lead. */
    DocumentPosition under(String keys) {
        return new DocumentPosition(source, line, column, keys);
    }

    /** As compilers write it; editors jump there. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
