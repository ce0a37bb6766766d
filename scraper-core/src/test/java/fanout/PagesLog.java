package fanout;

import fanout.file.OutputFile;
import fanout.file.PagesFile;
import fanout.outcome.Outcome;
import fanout.sink.Sink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A real pages file, and what somebody who reads it finds there. */
final class PagesLog implements Sink {

    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final PagesFile pages;

    PagesLog(Path file) throws IOException {
        this.file = file;
        this.pages = PagesFile.jsonLines(OutputFile.create(file));
    }

    /** One line; numbers are 0, and texts empty, where the column is null. */
    record Line(Map<String, String> columns) {

        String url() {
            return text("url");
        }

        /** {@code ok}, {@code failed/timeout}, …. */
        String end() {
            return text("reason").isEmpty() ? text("outcome") : text("outcome") + "/" + text("reason");
        }

        String text(String column) {
            return columns.getOrDefault(column, "");
        }

        int number(String column) {
            return text(column).isEmpty() ? 0 : Integer.parseInt(text(column));
        }
    }

    @Override
    public void write(Outcome outcome) throws IOException {
        pages.write(outcome);
    }

    @Override
    public void flush() throws IOException {
        pages.flush();
    }

    @Override
    public void close() throws IOException {
        pages.close();
    }

    /** The lines that are in the file now. */
    List<Line> lines() {
        try {
            return Files.readString(file).lines().map(PagesLog::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Line parse(String line) {
        Map<String, String> columns = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_OBJECT; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME) {
                    String column = parser.currentName();
                    @Nullable
                    String value = parser.nextToken() == JsonToken.VALUE_NULL ? null : parser.getString();
                    if (value != null && columns.put(column, value) != null) {
                        throw new AssertionError("a column twice: " + line);
                    }
                }
            }
        }
        return new Line(columns);
    }
}
