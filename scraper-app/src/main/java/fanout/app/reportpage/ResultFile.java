package fanout.app.reportpage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdIOException;
import fanout.app.terminal.FileProblem;
import fanout.sink.Compression;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * A file of pages, items or links, in JSON Lines or CSV, which may be compressed. It is read row by row, and one row is
 * in memory at a time. Columns that it has not, and that the reader does not know, are no problem; a last row without
 * its end is left out, and said. Stateless.
 *
 * @param opening opens the file
 * @param firstColumn the name with which its rows begin
 */
record ResultFile(Path path, Opening opening, String firstColumn) {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final int PIECE = 64 << 10;
    private static final int ROWS_BETWEEN_LOOKS = 1 << 10;
    private static final String DAMAGED =
            "; the file is damaged, or no crawl wrote it: restore it, crawl again, or delete the line";

    /** What was read: how many rows, and whether the last one was left out because it has no end. */
    record Read(long rows, boolean isCutOff) {}

    /** Returns the name of the file alone. */
    String name() {
        return String.valueOf(path.getFileName());
    }

    /**
     * Reads all rows.
     *
     * @param columns those that are wanted; empty: all
     * @param consumer gets every row, and may not keep it
     * @throws UnreadableRunException if the file cannot be read, or a row that is not the last is none
     */
    Read read(Set<String> columns, Consumer<Row> consumer) throws UnreadableRunException, InterruptedException {
        try (CutInput in = new CutInput(inflated(opening.open(path)))) {
            long rows = isCsv() ? readCsv(in, columns, consumer) : readJson(in, columns, consumer);
            return new Read(rows, in.isCutOff);
        } catch (ZipException | ZstdIOException e) {
            throw new UnreadableRunException("cannot read " + path + ": " + e.getMessage() + DAMAGED);
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException("reading was given up").initCause(e);
        } catch (IOException e) {
            throw new UnreadableRunException("cannot read " + path + ": " + FileProblem.reason(path, e));
        }
    }

    private boolean isCsv() {
        String ending = Compression.of(path).ending();
        return name().endsWith(".csv" + ending);
    }

    private InputStream inflated(InputStream file) throws IOException {
        try {
            return Compression.of(path).reading(file);
        } catch (EOFException e) {
            return file; // nothing was written yet, or not even the head of the first member
        } catch (IOException | RuntimeException e) {
            try (file) {
                throw e;
            }
        }
    }

    private static void look(long rows) throws InterruptedException {
        if (rows % ROWS_BETWEEN_LOOKS == 0 && Thread.interrupted()) {
            throw new InterruptedException("reading was given up");
        }
    }

    private long readJson(CutInput in, Set<String> columns, Consumer<Row> consumer)
            throws IOException, UnreadableRunException, InterruptedException {
        LineInput lines = new LineInput(in);
        Row row = new Row();
        for (long rows = 0;; rows++) {
            look(rows);
            LineInput.End end = lines.next();
            if (end == LineInput.End.NO_MORE) {
                return rows;
            }
            if (end == LineInput.End.TOO_LONG) {
                throw damage(rows + 1, "the line does not end");
            }
            row.clear();
            if (!object(lines, columns, row)) {
                if (end == LineInput.End.WHOLE) {
                    throw damage(rows + 1, "the line is not a JSON object");
                }
                in.isCutOff = true;
                return rows;
            }
            consumer.accept(row);
        }
    }

    private UnreadableRunException damage(long line, String what) {
        return new UnreadableRunException(path + ":" + line + ": " + what + DAMAGED);
    }

    /** Reads the members of the object in a line; returns false if there is none. */
    private static boolean object(LineInput lines, Set<String> columns, Row row) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), lines.buffer(), lines.offset(),
                lines.length())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            for (JsonToken token = json.nextToken(); token != JsonToken.END_OBJECT; token = json.nextToken()) {
                if (token == null) {
                    return false;
                }
                String name = json.currentName();
                json.nextToken();
                if (columns.isEmpty() || columns.contains(name)) {
                    row.put(name, value(json));
                } else {
                    json.skipChildren();
                }
            }
            return true;
        } catch (JacksonException e) {
            return false; // the caller names the line
        }
    }

    private static @Nullable Object value(JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getStringLength() <= 18 ? (Object) json.getLongValue() : Row.FILLED;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_FLOAT -> Row.FILLED;
            case START_ARRAY, START_OBJECT -> {
                JsonToken next = json.nextToken();
                boolean isEmpty = next != null && next.isStructEnd();
                while (next != null && !next.isStructEnd()) {
                    json.skipChildren();
                    next = json.nextToken();
                }
                yield isEmpty ? Row.EMPTY : Row.FILLED;
            }
            case null, default -> null;
        };
    }

    private long readCsv(CutInput in, Set<String> columns, Consumer<Row> consumer)
            throws IOException, UnreadableRunException, InterruptedException {
        CsvRecords records = new CsvRecords(new BufferedReader(new InputStreamReader(in, UTF_8), PIECE));
        Optional<List<String>> header = records.header(firstColumn);
        if (header.isEmpty()) {
            throw damage(1, "the line is not a header that begins with " + firstColumn);
        }
        List<String> names = header.get();
        Row row = new Row();
        for (long rows = 0;; rows++) {
            look(rows);
            switch (records.next()) {
                case NO_MORE -> {
                    return rows;
                }
                case CUT_OFF -> {
                    in.isCutOff = true;
                    return rows;
                }
                case TOO_LONG -> throw damage(records.line(), "the row does not end");
                case WHOLE -> {
                    if (records.cells().size() != names.size()) {
                        throw damage(records.line(), "the row has " + records.cells().size() + " cells, and the header "
                                + names.size());
                    }
                    fill(row, names, records.cells(), columns);
                    consumer.accept(row);
                }
            }
        }
    }

    private static void fill(Row row, List<String> names, List<String> cells, Set<String> columns) {
        row.clear();
        for (int i = 0; i < names.size(); i++) {
            if (columns.isEmpty() || columns.contains(names.get(i))) {
                String cell = cells.get(i);
                row.put(names.get(i), cell.isEmpty() || cell.equals("[]") || cell.equals("{}") ? null : cell);
            }
        }
    }

    /** An input whose sudden end is an end: a compressed file that a killed crawl left behind. */
    private static final class CutInput extends FilterInputStream {

        /** What zstd-jni says of a frame that does not end; its error code is that of other damage, too. */
        private static final String CUT_OFF = "Truncated source";

        private boolean isCutOff;

        CutInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (EOFException e) {
                isCutOff = true;
                return -1;
            } catch (ZstdIOException e) {
                if (!CUT_OFF.equals(e.getMessage())) {
                    throw e;
                }
                isCutOff = true;
                return -1;
            }
        }
    }
}
