package fanout.internal.json;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A value in a JSON document. Immutable. */
public sealed interface JsonValue {

    /** Its members in their order; of a name that is there twice, the last. */
    record Members(Map<String, JsonValue> values) implements JsonValue {}

    /** Elements. */
    record Elements(List<JsonValue> values) implements JsonValue {}

    /** A string. */
    record Text(String value) implements JsonValue {}

    /** A number, as it is written: its exponent may be too large to compute with. */
    record Numeral(String digits) implements JsonValue {}

    /** true or false. */
    record Truth(boolean value) implements JsonValue {}

    /** null. */
    record Nothing() implements JsonValue {}

    /** What a value says as text; objects, arrays and null have none. */
    default Optional<String> text() {
        return switch (this) {
            case Text text -> Optional.of(text.value);
            case Numeral numeral -> Optional.of(numeral.digits);
            case Truth truth -> Optional.of(String.valueOf(truth.value));
            case Members _,Elements _,Nothing _ -> Optional.empty();
        };
    }

    /** The elements of an array, or the one value; none for null. */
    default Stream<JsonValue> parts() {
        return (this instanceof Elements(var values) ? values.stream() : Stream.of(this))
                .filter(value -> !(value instanceof Nothing));
    }

    /** Its kind, for messages. */
    default String kind() {
        return switch (this) {
            case Members _ -> "an object";
            case Elements _ -> "an array";
            case Text _ -> "a string";
            case Numeral _ -> "a number";
            case Truth _ -> "true or false";
            case Nothing _ -> "null";
        };
    }
}
