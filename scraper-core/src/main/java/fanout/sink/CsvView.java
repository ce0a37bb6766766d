package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Lines of a pages, items or links file in JSON Lines, as the CSV that the same results would have been written as.
 *
 * <p>Confined to one thread. Holds one line at a time and nothing that has to be closed.
 */
public final class CsvView {

    /** Reads what was written here, however long: a page may say a number of a thousand digits. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final List<String> columns;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final CsvRows rows;
    private final byte[] header;

    private CsvView(List<String> columns) {
        this.columns = columns;
        try {
            this.rows = new CsvRows(OutputFile.on(Channels.newChannel(written)), columns, CsvStyle.STANDARD);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes what it is given", e);
        }
        this.header = taken();
    }

    /** A view of a pages file. */
    public static CsvView ofPages() {
        return new CsvView(PagesFile.COLUMNS);
    }

    /** A view of a pages file of a crawl that asks links out of scope. */
    public static CsvView ofPagesWithExternal() {
        return new CsvView(PagesFile.columns(true));
    }

    /** A view of a links file. */
    public static CsvView ofLinks() {
        return new CsvView(LinksFile.COLUMNS);
    }

    /** A view of a file of {@link FilesFile}. */
    public static CsvView ofFiles() {
        return new CsvView(FilesFile.COLUMNS);
    }

    /**
     * A view of an items file.
     *
     * @param fields the names that items may use; repeats are dropped
     */
    public static CsvView ofItems(Collection<String> fields) {
        SequencedSet<String> columns = new LinkedHashSet<>(List.of("_url", "_rule"));
        columns.addAll(fields);
        return new CsvView(List.copyOf(columns));
    }

    /** The names of the columns, as the first line of a file. */
    public byte[] header() {
        return header.clone();
    }

    /**
     * One line, with its end.
     *
     * @param line a JSON object that was written as a line of the file
     * @throws IllegalArgumentException if it is not CSV
     */
    public byte[] row(byte[] line) {
        Map<String, @Nullable Object> object = object(line);
        rows.begin();
        for (String column : columns) {
            rows.cell(column, object.get(column));
        }
        try {
            rows.end();
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes what it is given", e);
        }
        return taken();
    }

    private byte[] taken() {
        try {
            rows.file().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes what it is given", e);
        }
        byte[] bytes = written.toByteArray();
        written.reset();
        return bytes;
    }

    private static Map<String, @Nullable Object> object(byte[] line) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not an object: " + new String(line, UTF_8));
            }
            return members(json);
        }
    }

    private static Map<String, @Nullable Object> members(JsonParser json) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            members.put(name, value(json));
        }
        return members;
    }

    private static @Nullable Object value(JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT -> json.getDecimalValue();
            case START_OBJECT -> members(json);
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(json));
                }
                yield elements;
            }
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("not the start of a value: " + json.currentToken());
        };
    }
}
