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

        /** Where a secret comes when the request is sent. */
        record Secret(String name) implements Part {}
    }

    public TemplateText {
        parts = List.copyOf(parts);
    }

    /**
     * Reads a text without references to secrets.
     *
     * @throws IllegalArgumentException if a brace begins no placeholder
     */
    public static TemplateText of(String text) {
        return of(text, false);
    }

    /**
     * Reads a text.
     *
     * @param refersToSecrets whether it is one of {@link SecretText}
     * @throws IllegalArgumentException if a brace begins no placeholder
     */
    public static TemplateText of(String text, boolean refersToSecrets) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        for (int brace = next(text, 0, refersToSecrets); brace >= 0; brace = next(text, at, refersToSecrets)) {
            literal.append(text, at, brace);
            if (text.charAt(brace) == '$') {
                int closing = text.startsWith("${", brace) ? text.indexOf('}', brace) : -1;
                if (closing < 0) {
                    literal.append('$');
                    at = brace + (text.startsWith("$$", brace) ? 2 : 1);
                } else {
                    addTo(parts, literal);
                    parts.add(new Part.Secret(text.substring(brace + 2, closing)));
                    at = closing + 1;
                }
                continue;
            }
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

    /** Returns where the next brace is, or dollar sign; negative if no other follows. */
    private static int next(String text, int from, boolean refersToSecrets) {
        int brace = text.indexOf('{', from);
        int dollar = refersToSecrets ? text.indexOf('$', from) : -1;
        return brace < 0 || (dollar >= 0 && dollar < brace) ? dollar : brace;
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
        return parts.size() == 1 ? names().findFirst() : Optional.empty(); // a secret has no type
    }
}
