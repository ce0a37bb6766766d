package fanout.internal.json;

import fanout.internal.json.JsonValue.Elements;
import fanout.internal.json.JsonValue.Members;
import fanout.internal.json.JsonValue.Nothing;
import fanout.internal.json.JsonValue.Numeral;
import fanout.internal.json.JsonValue.Text;
import fanout.internal.json.JsonValue.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in JSON documents, as RFC 6901 writes it: {@code /offers/0/price}. Immutable.
 *
 * @param steps names of members or indexes of elements, unescaped
 */
public record JsonPointer(List<String> steps) {

    private static final Pattern BAD_ESCAPE = Pattern.compile("~(?![01])");
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    public JsonPointer {
        steps = List.copyOf(steps);
    }

    /**
     * Reads a pointer. The empty one is the whole document.
     *
     * @throws IllegalArgumentException if it is not a pointer
     */
    public static JsonPointer of(String text) {
        if (!text.isEmpty() && !text.startsWith("/")) {
            throw new IllegalArgumentException(
                    "not a JSON Pointer: \"" + text + "\" (it must begin with /, as in /offers/0/price)");
        }
        if (BAD_ESCAPE.matcher(text).find()) {
            throw new IllegalArgumentException(
                    "not a JSON Pointer: \"" + text + "\" (~ is written ~0, and / in a name ~1)");
        }
        List<String> steps = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String step : text.substring(1).split("/", -1)) {
                steps.add(step.replace("~1", "/").replace("~0", "~"));
            }
        }
        return new JsonPointer(steps);
    }

    /** One member: its name, or a pointer to it, which begins with a slash. */
    public static JsonPointer toMember(String name) {
        return name.startsWith("/") ? of(name) : new JsonPointer(List.of(name));
    }

    /** The value at this place. */
    public Optional<JsonValue> in(JsonValue document) {
        Optional<JsonValue> at = Optional.of(document);
        for (String step : steps) {
            at = at.flatMap(value -> below(value, step));
        }
        return at;
    }

    private static Optional<JsonValue> below(JsonValue value, String step) {
        return switch (value) {
            case Members(var members) -> Optional.ofNullable(members.get(step));
            case Elements(var elements) -> INDEX.matcher(step).matches() && Integer.parseInt(step) < elements.size()
                    ? Optional.of(elements.get(Integer.parseInt(step)))
                    : Optional.empty();
            case Text _,Numeral _,Truth _,Nothing _ -> Optional.empty();
        };
    }
}
