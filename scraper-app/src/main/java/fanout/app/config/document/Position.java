package fanout.app.config.document;

/**
 * Where something stands.
 *
 * @param source the file, or the option
 * @param line from 1; 0 if the source has no lines
 * @param column from 1, in characters
 */
public record Position(String source, int line, int column) {

    /** Where a file begins. */
    public static Position startOf(String source) {
        return new Position(source, 1, 1);
    }

    /** As compilers say it, so that editors can jump there. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
