package fanout.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    /** RFC 6901, section 5. */
    private static final String OF_THE_RFC =
            """
                    {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5, "k\\"l": 6, " ": 7, "m~n": 8}""";

    private static JsonValue read(String text) throws IOException {
        return JsonReader.read(new StringReader(text));
    }

    @Test
    void everyKindOfValueIsRead() throws IOException {
        JsonValue.Elements all =
                (JsonValue.Elements) read(" [\"a\\u00e9\\n\", 12.50, -1e400, true, false, null, [], {}] ");
        assertThat(all.values().stream().map(JsonValue::text).toList()).containsExactly(Optional.of("aé\n"),
                Optional.of("12.50"), Optional.of("-1e400"), Optional.of("true"), Optional.of("false"),
                Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(all.values().stream().map(JsonValue::kind).toList()).containsExactly("a string", "a number",
                "a number",
                "true or false", "true or false", "null", "an array", "an object");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `/foo/0`   | bar
            `/foo/1`   | baz
            `/`        | 0
            `/a~1b`    | 1
            `/c%d`     | 2
            `/e^f`     | 3
            `/g|h`     | 4
            `/i\\j`    | 5
            `/k"l`     | 6
            `/ `       | 7
            `/m~0n`    | 8
            """)
    void pointersOfTheRfcFindTheirValues(String pointer, String value) throws IOException {
        assertThat(JsonPointer.of(pointer).in(read(OF_THE_RFC)).flatMap(JsonValue::text)).contains(value);
    }

    @Test
    void theEmptyPointerIsTheWholeDocument() throws IOException {
        JsonValue document = read(OF_THE_RFC);
        assertThat(JsonPointer.of("").in(document)).contains(document);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/foo/2", "/foo/00", "/foo/01", "/foo/-", "/foo/-1", "/foo/x", "/foo/99999999999", "/bar",
        "/foo/0/x", "//", "/a/b"})
    void whatIsNotThereIsNone(String pointer) throws IOException {
        assertThat(JsonPointer.of(pointer).in(read(OF_THE_RFC))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            foo  | it must begin with /
            /a~b | ~ is written ~0
            /a~  | ~ is written ~0
            #/a  | it must begin with /
            """)
    void whatIsNoPointerIsRefused(String text, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonPointer.of(text)).withMessageContaining(reason);
    }

    @Test
    void aMemberHasANameOrAPointer() {
        assertThat(JsonPointer.toMember("a~b").steps()).containsExactly("a~b");
        assertThat(JsonPointer.toMember("/a/b").steps()).isEqualTo(List.of("a", "b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                     | not JSON: line 1, column 1: there is nothing
            `{"a": 1,\n  "b": }`   | not JSON: line 2, column 8: Unexpected character ('}'
            `[1, 2`                | not JSON: line 1, column
            `{} {}`                | not JSON: line 1, column 4: there is more after the document
            `[01]`                 | not JSON: line 1, column
            `{a: 1}`               | not JSON: line 1, column
            `<html>`               | not JSON: line 1, column
            `[NaN]`                | not JSON: line 1, column
            """)
    void malformedJsonHasALineAndAColumn(String text, String message) {
        assertThatIOException().isThrownBy(() -> read(text.replace("\\n", "\n")))
                .isInstanceOf(MalformedJson.class)
                .withMessageStartingWith(message);
    }

    @Test
    void depthAndNumbersAreBounded() throws IOException {
        assertThat(read("[".repeat(200) + "]".repeat(200))).isNotNull();
        assertThatIOException().isThrownBy(() -> read("[".repeat(201) + "]".repeat(201)))
                .isInstanceOf(MalformedJson.class)
                .withMessageContaining("200");
        assertThat(read("9".repeat(100)).text()).contains("9".repeat(100));
        assertThatIOException().isThrownBy(() -> read("9".repeat(101))).isInstanceOf(MalformedJson.class);
        assertThat(read("\"" + "x".repeat(30_000_000) + "\"").text().orElseThrow()).hasSize(30_000_000);
        assertThat(read("{\"" + "n".repeat(100_000) + "\": 1}")).isInstanceOf(JsonValue.Members.class);
    }

    @Test
    void namesThatCollideAreNames() throws IOException {
        StringBuilder collisions = new StringBuilder("{");
        for (int i = 0; i < 4096; i++) {
            collisions.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 12; bit++) {
                collisions.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            collisions.append("\":1");
        }
        assertThat(((JsonValue.Members) read(collisions + "}")).values()).hasSize(4096);
    }

    @Test
    void theSourcesOwnExceptionEndsTheReading() {
        Reader broken = new StringReader("[1]") {
            @Override
            public int read(char[] into, int offset, int length) throws IOException {
                throw new InterruptedIOException("enough");
            }
        };
        assertThatIOException().isThrownBy(() -> JsonReader.read(broken))
                .isInstanceOf(InterruptedIOException.class)
                .withMessage("enough");
    }

    @Test
    void nothingIsBelowAScalar() throws IOException {
        JsonValue document = read("{\"t\": \"x\", \"n\": 1, \"b\": true, \"0\": null}");
        for (String scalar : List.of("/t", "/n", "/b", "/0")) {
            assertThat(JsonPointer.of(scalar).in(document)).isPresent();
            assertThat(JsonPointer.of(scalar + "/0").in(document)).as(scalar).isEmpty();
        }
        assertThat(document).isInstanceOf(JsonValue.Members.class);
    }

    @Test
    void aLongReasonIsCut() {
        String shortest = reason("x");
        String longest = reason("x".repeat(121 - shortest.length()));
        assertThat(longest).hasSize(120).doesNotEndWith("…");
        assertThat(reason("x".repeat(122 - shortest.length()))).hasSize(121).endsWith("'false'…");
    }

    private static String reason(String token) {
        String prefix = "not JSON: line 1, column 1: ";
        try {
            read(token);
            throw new AssertionError("was read: " + token);
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith(prefix);
            return e.getMessage().substring(prefix.length());
        }
    }

    @Test
    void partsAreTheElementsOrTheOneValueWithoutNulls() throws Exception {
        for (String json : List.of("[1, null, \"a\"]", "7", "null", "[]", "{\"a\": 1}")) {
            List<JsonValue> parts = JsonReader.read(new StringReader(json)).parts().toList();
            assertThat(parts).as(json).hasSize(switch (json) {
                case "[1, null, \"a\"]" -> 2;
                case "7", "{\"a\": 1}" -> 1;
                default -> 0;
            }).noneMatch(JsonValue.Nothing.class::isInstance);
        }
    }
}
