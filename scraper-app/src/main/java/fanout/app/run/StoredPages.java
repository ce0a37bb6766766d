package fanout.app.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdIOException;
import fanout.app.sinks.SqliteFile;
import fanout.app.sinks.SqliteResults;
import fanout.sink.Compression;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Looks into a pages file that an earlier run has written, whatever its format: the file says itself what it is.
 * Stateless.
 */
final class StoredPages {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String FIRST_COLUMN = "url";
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final byte[] ZSTANDARD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};

    private StoredPages() {}

    /**
     * What a file says of its run.
     *
     * @param isGood whether it has a page that is ok, unmodified or fresh, or may have one that cannot be read
     * @param fetchedAt when the first such page was fetched, if the file says so
     */
    record Found(boolean isGood, Optional<Instant> fetchedAt) {

        static final Found NOTHING = new Found(false, Optional.empty());
        private static final Found UNREADABLE = new Found(true, Optional.empty());
    }

    /**
     * Returns what a file says, by its first good page. A line that is not whole, as the last of a killed run, says
     * nothing.
     *
     * @throws IOException if the file cannot be read
     */
    static Found first(Path file) throws IOException {
        if (isDatabase(file)) {
            SqliteResults.Content content = SqliteResults.content(file, "pages");
            return new Found(content.isGood(), content.fetchedAt());
        }
        try (InputStream stored = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] magic = peek(stored);
            return Arrays.equals(magic, ZSTANDARD) ? compressed(Compression.ZSTD, stored)
                    : isGzip(magic) ? compressed(Compression.GZIP, stored) : read(stored);
        }
    }

    /** Returns whether a file of items has one: a line that is no header of a table. */
    static boolean hasRow(Path items) throws IOException {
        if (isDatabase(items)) {
            return SqliteResults.content(items, "items").isGood();
        }
        try (InputStream stored = new BufferedInputStream(Files.newInputStream(items))) {
            byte[] magic = peek(stored);
            boolean isTable =
                    magic.length > 0 && magic[0] != '{' && !isGzip(magic) && !Arrays.equals(magic, ZSTANDARD);
            Text text = new Text(new BufferedReader(new InputStreamReader(stored, UTF_8)));
            if (isTable) {
                text.line(); // the header
            }
            return text.peek() >= 0;
        }
    }

    private static boolean isDatabase(Path file) throws IOException {
        return Files.size(file) > 0 && SqliteFile.isDatabase(file);
    }

    private static boolean isGzip(byte[] magic) {
        return magic.length >= 2 && magic[0] == 0x1F && magic[1] == (byte) 0x8B;
    }

    private static byte[] peek(InputStream stored) throws IOException {
        stored.mark(ZSTANDARD.length);
        byte[] first = stored.readNBytes(ZSTANDARD.length);
        stored.reset();
        return first;
    }

    /** What a killed run has written may end within a member. */
    private static Found compressed(Compression compression, InputStream stored) throws IOException {
        try (InputStream plain = compression.reading(stored)) {
            return read(plain);
        } catch (EOFException | ZipException | ZstdIOException e) {
            return Found.UNREADABLE; // up to there it had no good page, and behind it there may be one
        }
    }

    private static Found read(InputStream plain) throws IOException {
        Text text = new Text(new BufferedReader(new InputStreamReader(plain, UTF_8)));
        int first = text.peek();
        return first == '{' ? lines(text)
                : first == BYTE_ORDER_MARK || first == FIRST_COLUMN.charAt(0) ? table(text) : Found.NOTHING;
    }

    private static Found lines(Text text) throws IOException {
        for (Optional<String> line = text.line(); line.isPresent(); line = text.line()) {
            Found found = found(members(line.get()));
            if (found.isGood()) {
                return found;
            }
        }
        return Found.NOTHING;
    }

    /** Returns the members of an object that are texts or flags; none if the line is no object. */
    private static Map<String, String> members(String line) {
        Map<String, String> members = new TreeMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    JsonToken value = json.nextToken();
                    if (value.isScalarValue()) {
                        members.put(name, json.getString());
                    } else {
                        json.skipChildren();
                    }
                }
            }
            return json.currentToken() == JsonToken.END_OBJECT ? members : Map.of();
        } catch (JacksonException e) {
            return Map.of(); // it is not whole
        }
    }

    /** The header says which mark separates cells: the one behind the first column's name. */
    private static Found table(Text text) throws IOException {
        String header = text.line().orElse("").strip();
        if (header.indexOf(BYTE_ORDER_MARK) == 0) {
            header = header.substring(1);
        }
        if (!header.startsWith(FIRST_COLUMN) || header.length() == FIRST_COLUMN.length()) {
            return Found.NOTHING;
        }
        char separator = header.charAt(FIRST_COLUMN.length());
        List<String> columns = List.of(header.split(Pattern.quote(String.valueOf(separator))));
        for (List<String> row = text.row(separator); !row.isEmpty(); row = text.row(separator)) {
            Map<String, String> cells = new TreeMap<>();
            for (int i = 0; i < Math.min(columns.size(), row.size()); i++) {
                cells.put(columns.get(i), row.get(i));
            }
            Found found = found(cells);
            if (found.isGood()) {
                return found;
            }
        }
        return Found.NOTHING;
    }

    private static Found found(Map<String, String> page) {
        String outcome = page.getOrDefault("outcome", "");
        boolean isGood = outcome.equals("ok") || outcome.equals("unmodified")
                || page.getOrDefault("reason", "").equals("fresh");
        boolean isOutside = page.getOrDefault("external", "").equals("true");
        return isGood && !isOutside ? new Found(true, time(page.getOrDefault("fetchedAt", ""))) : Found.NOTHING;
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // a fresh page was not fetched
        }
    }

    /** The text of a file, by lines or rows. What is longer than any line of ours is read and left out. */
    private record Text(BufferedReader reader) {

        private static final int MOST = 4 << 20;

        int peek() throws IOException {
            reader.mark(1);
            int first = reader.read();
            reader.reset();
            return first;
        }

        /** Returns the next line without its end; empty at the end of the file. */
        Optional<String> line() throws IOException {
            StringBuilder line = new StringBuilder();
            int c = reader.read();
            if (c < 0) {
                return Optional.empty();
            }
            for (; c >= 0 && c != '\n'; c = reader.read()) {
                add(line, c);
            }
            return Optional.of(line.toString());
        }

        /** Returns the cells of the next row; none at the end of the file. */
        List<String> row(char separator) throws IOException {
            List<String> cells = new ArrayList<>();
            StringBuilder cell = new StringBuilder();
            boolean isQuoted = false;
            int c = reader.read();
            if (c < 0) {
                return List.of();
            }
            for (; c >= 0 && (isQuoted || c != '\n'); c = reader.read()) {
                if (c == '"') {
                    isQuoted = !isQuoted; // a doubled mark does so twice, and no cell that is asked for has one
                } else if (c == separator && !isQuoted) {
                    cells.add(cell.toString());
                    cell.setLength(0);
                } else if (c != '\r') {
                    add(cell, c);
                }
            }
            cells.add(cell.toString());
            return cells;
        }

        private static void add(StringBuilder text, int c) {
            if (text.length() < MOST) {
                text.append((char) c);
            }
        }
    }
}
