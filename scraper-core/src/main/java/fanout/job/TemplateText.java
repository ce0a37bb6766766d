package fanout.job;

import fanout.internal.annotation.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A text with placeholders, as in {@code /list?page={n}}; <code>{{</code> is a brace. Immutable. */
@Internal
public record TemplateText(List<Part> parts) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,99}");

    /** A piece of the text. */
    public sealed interface Part {

        /** What stands there as it is. */
        record Literal(String text) implements Part {}

        /** Where a value comes. */
        record Placeholder(String name) implements Part {}
    }

    public TemplateText {
        parts = List.copyOf(parts);
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException if a brace begins no placeholder
     */
    public static TemplateText of(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        for (int brace = text.indexOf('{'); brace >= 0; brace = text.indexOf('{', at)) {
            literal.append(text, at, brace);
            if (text.startsWith("{{", brace)) {
                literal.append('{');
                at = brace + 2;
                continue;
            }
            int end = text.indexOf('}', brace);
            String name = end < 0 ? "" : text.substring(brace + 1, end);
            Require.check(NAME.matcher(name).matches(), "request", "has a { at character " + (brace + 1)
                    + " that begins no placeholder, as in {name}; for a brace write {{");
            addTo(parts, literal);
            parts.add(new Part.Placeholder(name));
            at = end + 1;
        }
        addTo(parts, literal.append(text, at, text.length()));
        return new TemplateText(parts);
    }

    private static void addTo(List<Part> parts, StringBuilder literal) {
        if (!literal.isEmpty()) {
            parts.add(new Part.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    /** Returns the names of the placeholders. */
    public Stream<String> names() {
        return parts.stream()
                .flatMap(part -> part instanceof Part.Placeholder(String name) ? Stream.of(name) : Stream.empty());
    }

    /** Returns the placeholder that is the whole text, if it is one. */
    public Optional<String> whole() {
        return parts.size() == 1 ? names().findFirst() : Optional.empty();
    }
}
