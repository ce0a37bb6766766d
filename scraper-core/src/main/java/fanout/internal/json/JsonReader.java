package fanout.internal.json;

import fanout.internal.json.JsonValue.Elements;
import fanout.internal.json.JsonValue.Members;
import fanout.internal.json.JsonValue.Nothing;
import fanout.internal.json.JsonValue.Numeral;
import fanout.internal.json.JsonValue.Text;
import fanout.internal.json.JsonValue.Truth;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON (RFC 8259) as it comes from the web: at most {@value #DEEPEST} levels deep, numbers of at most
 * {@value #LONGEST_NUMBER} characters, and as long as its source, which the caller bounds. Stateless.
 *
 * <p>The reader is asked for the next piece again and again; one that fails then ends the reading, with its own
 * exception.
 */
public final class JsonReader {

    private static final int DEEPEST = 200;
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_REASON = 120;
    private static final JsonValue TRUE = new Truth(true);
    private static final JsonValue FALSE = new Truth(false);
    private static final JsonValue NULL = new Nothing();

    /**
     * Names are not kept from one document to the next: a hostile page could fill the table of names for all others.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private JsonReader() {}

    /**
     * Reads one document.
     *
     * @throws MalformedJson if it is missing, or followed by anything
     * @throws IOException as the source throws it
     */
    public static JsonValue read(Reader source) throws IOException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), source)) {
            return read(parser);
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    private static JsonValue read(JsonParser parser) throws MalformedJson {
        try {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw malformed(parser.currentTokenLocation(), "there is nothing");
            }
            JsonValue document = value(first, parser);
            if (parser.nextToken() != null) {
                throw malformed(parser.currentTokenLocation(), "there is more after the document");
            }
            return document;
        } catch (JacksonIOException e) {
            throw e;
        } catch (JacksonException e) { // of a limit, it has no place of its own
            throw malformed(e.getLocation() == null ? parser.currentLocation() : e.getLocation(), reason(e));
        }
    }

    private static MalformedJson malformed(TokenStreamLocation at, String reason) {
        return new MalformedJson(Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()), reason);
    }

    /** Recursive: the parser bounds the depth. */
    private static JsonValue value(JsonToken token, JsonParser parser) {
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> new Text(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(parser.getString());
            case VALUE_TRUE -> TRUE;
            case VALUE_FALSE -> FALSE;
            case VALUE_NULL -> NULL;
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new IllegalStateException("no value begins with " + token);
        };
    }

    private static JsonValue members(JsonParser parser) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            members.put(name, value(parser.nextToken(), parser));
        }
        return new Members(Collections.unmodifiableMap(members));
    }

    private static JsonValue elements(JsonParser parser) {
        List<JsonValue> elements = new ArrayList<>();
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            elements.add(value(next, parser));
        }
        return new Elements(List.copyOf(elements));
    }

    /** The first sentence: the rest is about where the text came from, and settings. */
    private static String reason(JacksonException e) {
        String text = e.getOriginalMessage().lines().findFirst().orElse("");
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }
}
