package fanout.sink;

/**
 * How a table of comma-separated values is written. Immutable.
 *
 * @param separator between cells: a comma, a semicolon, a tab or a vertical bar
 * @param byteOrderMark whether the file begins with one, by which Excel knows UTF-8
 * @param guard whether texts that a spreadsheet would run as a formula get a leading apostrophe, which changes them
 */
public record CsvStyle(char separator, boolean byteOrderMark, boolean guard) {

    /** As RFC 4180 has it, with the guard. */
    public static final CsvStyle STANDARD = new CsvStyle(',', false, true);

    /** What may separate cells: characters that no number contains, and that spreadsheets offer. */
    private static final String SEPARATORS = ",;\t|";

    public CsvStyle {
        if (SEPARATORS.indexOf(separator) < 0) {
            throw new IllegalArgumentException("separator must be a comma, a semicolon, a tab or |");
        }
    }
}
