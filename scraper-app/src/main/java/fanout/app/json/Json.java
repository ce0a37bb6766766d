package fanout.app.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service writes and reads as JSON: records and maps, each component a member. Stateless. */
public final class Json {

    private static final int DEEPEST = 50;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()).build();

    private Json() {}

    /** The value in UTF-8. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** The value on one line. */
    public static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** What was read; empty if it is not JSON. */
    public static Optional<JsonNode> read(byte[] content) {
        try {
            JsonNode read = MAPPER.readTree(content);
            return read.isMissingNode() ? Optional.empty() : Optional.of(read);
        } catch (JacksonException e) {
            return Optional.empty(); // the caller says what was expected
        }
    }

    /** A text of the web without unpaired surrogates, which UTF-8 cannot hold. */
    public static @Nullable String wellFormed(@Nullable String text) {
        return text == null ? null : new String(text.getBytes(UTF_8), UTF_8);
    }
}
