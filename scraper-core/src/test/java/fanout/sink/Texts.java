package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads back what the sinks wrote, strictly, and makes texts that are hard to write. */
final class Texts {

    private static final JsonFactory STRICT =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final int[] HARD = {0, 7, '\t', '\n', '\r', 0x1b, ' ', '"', '\'', ',', ';', '\\', '/', '=', '+', '-',
        '@', 'a', 'Z', '0', '<', '&', 0x7f, 0x85, 0xe9, 0x200f, 0x2028, 0x2029, 0x202e, 0xfeff, 0xfffd, 0x1f600,
        0x10ffff};

    private Texts() {}

    static String hard(Random random) {
        return random.ints(random.nextInt(12), 0, HARD.length)
                .map(i -> HARD[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static String utf8(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("not UTF-8", e);
        }
    }

    /** Every line of a JSON Lines file. */
    static List<Map<String, Object>> jsonLines(byte[] file) {
        String text = utf8(file);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            throw new AssertionError("the last line has no end: " + text);
        }
        return text.lines().map(Texts::object).toList();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String json) {
        try (JsonParser parser = STRICT.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            Map<String, Object> object = (Map<String, Object>) value(parser);
            if (parser.nextToken() != null) {
                throw new AssertionError("more than one value in " + json);
            }
            return object;
        }
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new AssertionError(parser.currentToken());
        };
    }

    /** The records of an RFC 4180 file; an empty cell is null, a quoted empty one is not. */
    static List<List<String>> csv(byte[] file) {
        String text = utf8(file);
        List<List<String>> records = new ArrayList<>();
        List<String> record = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            StringBuilder cell = new StringBuilder();
            boolean quoted = text.charAt(at) == '"';
            if (quoted) {
                int close = at + 1;
                while (text.charAt(close) != '"' || text.startsWith("\"\"", close)) {
                    cell.append(text.charAt(close));
                    close += text.charAt(close) == '"' ? 2 : 1;
                }
                at = close + 1;
            } else {
                while (",\r\n\"".indexOf(text.charAt(at)) < 0) {
                    cell.append(text.charAt(at++));
                }
            }
            record.add(quoted || !cell.isEmpty() ? cell.toString() : null);
            if (text.charAt(at) == ',') {
                at++;
            } else if (text.startsWith("\r\n", at)) {
                at += 2;
                records.add(record);
                record = new ArrayList<>();
            } else {
                throw new AssertionError("neither a comma nor the end of the record at " + at + " in " + text);
            }
        }
        return records;
    }
}
