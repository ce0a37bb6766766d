package fanout.sink;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** JSON Lines: each row an object on a line of its own. */
final class JsonRows implements Rows {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .rootValueSeparator((String) null)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private final OutputFile file;
    private final JsonGenerator json;

    JsonRows(OutputFile file) {
        this.file = file;
        this.json = FACTORY.createGenerator(ObjectWriteContext.empty(), file.line());
    }

    @Override
    public void begin() {
        json.writeStartObject();
    }

    @Override
    public void cell(String column, @Nullable Object value) {
        json.writeName(JsonValues.wellFormed(column));
        JsonValues.write(json, value);
    }

    @Override
    public void end() throws IOException {
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
        file.endLine();
    }

    @Override
    public OutputFile file() {
        return file;
    }
}
