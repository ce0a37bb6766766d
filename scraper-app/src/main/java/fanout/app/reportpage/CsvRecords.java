package fanout.app.reportpage;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the records of a CSV file (RFC 4180) that a crawl wrote, and says whether the last one is whole, which a
 * library for CSV does not. The separator is what stands behind the first name of the header. Confined to one thread;
 * does not own the reader, which should be buffered.
 */
final class CsvRecords {

    private static final int BYTE_ORDER_MARK = 0xFEFF;
    /** Text of one record; a mark that is never closed does not fill the memory. */
    private static final int MOST_CHARACTERS = 64 << 20;

    private final Reader reader;
    private final List<String> cells = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();
    private char separator;
    private long line;
    private long nextLine = 1;

    CsvRecords(Reader reader) {
        this.reader = reader;
    }

    /** How reading a record has ended. */
    enum End {
        WHOLE, CUT_OFF, NO_MORE, TOO_LONG
    }

    /** Returns the line in which the last record begins, from 1. */
    long line() {
        return line;
    }

    /** Returns the cells of the last record; changed by the next. */
    List<String> cells() {
        return cells;
    }

    /** Reads the header, and learns the separator from it. Empty if there is no whole header. */
    Optional<List<String>> header(String firstColumn) throws IOException {
        int c = reader.read();
        c = c == BYTE_ORDER_MARK ? reader.read() : c;
        for (int i = 0; i < firstColumn.length(); i++, c = reader.read()) {
            if (c != firstColumn.charAt(i)) {
                return Optional.empty();
            }
        }
        separator = (char) c;
        if (c < 0 || Character.isLetterOrDigit(c) || next() != End.WHOLE) {
            return Optional.empty();
        }
        cells.addFirst(firstColumn);
        return Optional.of(List.copyOf(cells));
    }

    /** Reads the next record. */
    End next() throws IOException {
        cells.clear();
        cell.setLength(0);
        line = nextLine;
        boolean isQuoted = false;
        int before = separator;
        int characters = 0;
        for (int c = reader.read(); c >= 0; before = c, c = reader.read()) {
            if (++characters > MOST_CHARACTERS) {
                return End.TOO_LONG;
            }
            nextLine += c == '\n' ? 1 : 0;
            if (c == '"') {
                boolean isSecondOfTwo = !isQuoted && before == '"';
                if (isSecondOfTwo) {
                    cell.append('"');
                    c = 0; // a third mark closes
                }
                isQuoted = !isQuoted;
            } else if (!isQuoted && c == separator) {
                endCell();
            } else if (!isQuoted && c == '\n') {
                cell.setLength(Math.max(0, cell.length() - (before == '\r' ? 1 : 0)));
                endCell();
                return End.WHOLE;
            } else {
                cell.append((char) c);
            }
        }
        return characters == 0 ? End.NO_MORE : End.CUT_OFF;
    }

    private void endCell() {
        cells.add(cell.toString());
        cell.setLength(0);
    }
}
