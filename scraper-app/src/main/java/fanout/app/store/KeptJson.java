package fanout.app.store;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON of a crawl's files token by token. A disk, a copy or a person may have left anything in place of what the
 * service has written, and a tree of it could take all memory. What is damaged is an
 * {@link OwnFiles.UnusableException}, which names the file. Confined to one thread.
 */
public final class KeptJson implements AutoCloseable {

    private static final int DEEPEST = 50;
    /** The report of a job with as many fields as a job may have is shorter. */
    private static final int MOST_TOKENS = 1_000_000;
    private static final int LONGEST_NUMBER = 100;
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    /** Longer ones would take hours to become numbers; no page's has more than 100 digits. */
    private static final int MOST_DIGITS = 10_000;
    private static final JsonFactory DOCUMENTS = factory(DEEPEST);
    /** A value of an item may have been JSON in its page, which is read 200 deep. */
    private static final JsonFactory LINES = factory(300);

    private final Path file;
    private final JsonParser json;
    private int tokens;

    /** @param file which the content is of, for messages */
    KeptJson(Path file, byte[] content) {
        this.file = file;
        this.json = DOCUMENTS.createParser(ObjectReadContext.empty(), content);
    }

    /** Names are not kept for the whole process: a file may have many. */
    private static JsonFactory factory(int deepest) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(deepest)
                        .maxNumberLength(MOST_DIGITS)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                .build();
    }

    /** Whether a line of a results file is a JSON object and nothing else, and could have been written by a crawl. */
    static boolean isObject(byte[] line) {
        try (JsonParser json = LINES.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Checks limits, which are an object; what they mean is checked with the job that they are of. */
    public static void checkLimits(Path file, byte[] content) throws IOException {
        try (KeptJson read = new KeptJson(file, content)) {
            read.begin();
            read.skip();
            read.end();
        }
    }

    /** Checks the figures of a crawl over time, which are a list of objects of numbers. */
    public static void checkSeries(Path file, byte[] content) throws IOException {
        try (KeptJson read = new KeptJson(file, content)) {
            if (read.next() != JsonToken.START_ARRAY) {
                throw OwnFiles.damaged(file, "is not a JSON list");
            }
            while (read.next() != JsonToken.END_ARRAY) {
                read.object("a point");
                while (read.next() != JsonToken.END_OBJECT) {
                    read.number(read.member());
                }
            }
            read.end();
        }
    }

    /** Goes into the object that the document is. */
    void begin() throws IOException {
        if (next() != JsonToken.START_OBJECT) {
            throw OwnFiles.damaged(file, "is not a JSON object");
        }
    }

    /** Checks that the document ends behind the value that was read. */
    void end() throws IOException {
        try {
            if (json.nextToken() != null) {
                throw damaged();
            }
        } catch (JacksonException e) {
            throw damaged();
        }
    }

    /** Goes to the next token, which must exist. */
    JsonToken next() throws IOException {
        try {
            JsonToken token = json.nextToken();
            if (token == null) {
                throw damaged();
            }
            if (++tokens > MOST_TOKENS) {
                throw OwnFiles.damaged(file, "is damaged: it has more than " + MOST_TOKENS + " values");
            }
            return token;
        } catch (JacksonException e) {
            throw json.streamReadContext().getNestingDepth() >= DEEPEST
                    ? OwnFiles.damaged(file, "is nested deeper than " + DEEPEST)
                    : damaged();
        }
    }

    /** Goes to the value of the member that was reached, and returns its name. */
    String member() throws IOException {
        String name = json.currentName();
        next();
        return name;
    }

    /** Goes to the end of the value that was reached. */
    void skip() throws IOException {
        int depth = json.currentToken().isStructStart() ? 1 : 0;
        while (depth > 0) {
            JsonToken token = next();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        }
    }

    /** Returns the number that was reached, as near as a double comes to it. */
    double number(String name) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Double.parseDouble(shortText(name));
            default -> throw wrong(name, "a number");
        };
    }

    /** Returns the number that was reached, without its fraction. */
    long whole(String name) throws IOException {
        return json.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? new BigInteger(shortText(name)).min(MOST).max(LEAST).longValue()
                : (long) number(name);
    }

    /** Returns the text that was reached; empty if it is null. */
    Optional<String> text(String name) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NULL -> Optional.empty();
            case VALUE_STRING -> Optional.of(written());
            default -> throw wrong(name, "a text");
        };
    }

    /** Goes into the object that was reached. */
    void object(String name) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw wrong(name, "an object");
        }
    }

    /** Goes to the end of the list that was reached. */
    void list(String name) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw wrong(name, "a list");
        }
        skip();
    }

    private String shortText(String name) throws IOException {
        String digits = written();
        if (digits.length() > LONGEST_NUMBER) {
            throw wrong(name, "a number of at most " + LONGEST_NUMBER + " digits");
        }
        return digits;
    }

    /** Only now the parser looks for the end of a text. */
    private String written() throws IOException {
        try {
            return json.getString();
        } catch (JacksonException e) {
            throw damaged();
        }
    }

    private OwnFiles.UnusableException wrong(String name, String wanted) {
        return OwnFiles.damaged(file, "is damaged: " + name + " is not " + wanted);
    }

    private OwnFiles.UnusableException damaged() {
        return OwnFiles.damaged(file, "is not JSON, at byte " + json.currentLocation().getByteOffset());
    }

    @Override
    public void close() {
        json.close();
    }
}
