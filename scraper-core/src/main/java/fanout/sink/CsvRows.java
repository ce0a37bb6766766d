package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Comma-separated values (RFC 4180) in UTF-8, a header first. A missing value is an empty cell, an empty string a pair
 * of quotes, a list or object JSON. Text that a spreadsheet would run as a formula gets a leading apostrophe if
 * the style has the guard.
 */
final class CsvRows implements Rows {

    private static final JsonFactory JSON = new JsonFactory();
    /** The full-width forms are taken for the others where a spreadsheet is set up for Chinese, Japanese or Korean. */
    private static final String STARTS_A_FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final OutputFile file;
    private final CsvStyle style;
    private final StringBuilder line = new StringBuilder();

    CsvRows(OutputFile file, List<String> columns, CsvStyle style) throws IOException {
        this.file = file;
        this.style = style;
        if (style.byteOrderMark()) {
            file.line().write(BYTE_ORDER_MARK.getBytes(UTF_8));
        }
        begin();
        for (String column : columns) {
            separate();
            text(column);
        }
        end();
    }

    @Override
    public void begin() {
        line.setLength(0);
    }

    @Override
    public void cell(String column, @Nullable Object value) {
        separate();
        switch (value) {
            case null -> {} // an empty cell
            case String text -> text(text);
            case List<?> list -> text(json(list));
            case Map<?, ?> object -> text(json(object));
            case Boolean truth -> line.append(truth);
            case Number number -> {
                String text = json(number);
                line.append(text.equals("null") ? "" : text);
            }
            default -> throw new IllegalArgumentException("not a value that can be written: " + value.getClass());
        }
    }

    /** A separator goes before every cell; that of the first is cut off at the end of the line. */
    private void separate() {
        line.append(style.separator());
    }

    @Override
    public void end() throws IOException {
        line.append("\r\n");
        file.line().write(JsonValues.wellFormed(line.substring(1)).getBytes(UTF_8));
        file.endLine();
    }

    @Override
    public OutputFile file() {
        return file;
    }

    @Override
    public boolean isResumedWithout(String column) throws IOException {
        Optional<String> header = file.resumedHeader();
        return header.isPresent()
                && !List.of(header.get().split(Pattern.quote(String.valueOf(style.separator())), -1)).contains(column);
    }

    private void text(String text) {
        boolean formula = style.guard() && !text.isEmpty() && STARTS_A_FORMULA.indexOf(text.charAt(0)) >= 0;
        String safe = formula ? "'" + text : text;
        boolean plain = !safe.isEmpty()
                && safe.chars().noneMatch(c -> c == style.separator() || c == '"' || c == '\r' || c == '\n');
        if (plain) {
            line.append(safe);
        } else {
            line.append('"').append(safe.replace("\"", "\"\"")).append('"');
        }
    }

    private static String json(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            JsonValues.write(json, value);
        }
        return text.toString();
    }
}
