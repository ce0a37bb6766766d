package fanout.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.page.Request.Body;
import fanout.page.Request.References;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text that refers to secrets, as in <code>Bearer ${SHOP_KEY}</code> or <code>${secret:shop}</code>; a dollar sign
 * that begins no reference is doubled. It is kept, compared and written so; only who sends it asks for
 * {@link #resolved}. Immutable.
 */
public record SecretText(String written) {

    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$|\\$\\{((?:secret:)?[A-Za-z_][A-Za-z0-9_-]*)}");

    /** Returns a text in which nothing is a reference, as a part of one that has some. */
    public static String literal(String text) {
        return text.replace("$", "$$");
    }

    /** Returns a reference to a secret. */
    public static String reference(String name) {
        return "${" + name + "}";
    }

    /** Returns a form whose values refer to secrets. */
    public static Body form(List<Map.Entry<String, String>> fields) {
        return new Body(Body.form(List.of()).contentType(), fields.stream()
                .map(field -> encoded(field.getKey()) + "=" + new SecretText(field.getValue()).encoded())
                .collect(Collectors.joining("&")));
    }

    /** Returns the text as a form has it, where every dollar sign begins a reference. */
    private String encoded() {
        return with(SecretText::encoded);
    }

    /** Returns the text with its references as they are, and what a function makes of the texts between them. */
    public String with(UnaryOperator<String> literal) {
        return replaced(found -> reference(found.group(1)), literal);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    /** Returns the names that the text refers to. */
    public Set<String> names() {
        return REFERENCE.matcher(written)
                .results()
                .filter(found -> found.group(1) != null)
                .map(found -> found.group(1))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the text with its secrets, which must be neither kept nor shown. What a secret contains is not looked
     * through for references.
     *
     * @param secrets by name
     * @param place what becomes of them there
     */
    public String resolved(Function<String, String> secrets, References place) {
        UnaryOperator<String> written = switch (place) {
            case NONE, IN_TEXT -> UnaryOperator.identity();
            case IN_FORM -> SecretText::encoded;
            case IN_JSON -> SecretText::escaped;
        };
        return replaced(found -> written.apply(secrets.apply(found.group(1))), UnaryOperator.identity());
    }

    /**
     * Puts something in the place of each reference.
     *
     * @param literal what becomes of the text between them
     */
    private String replaced(Function<MatchResult, String> reference, UnaryOperator<String> literal) {
        StringBuilder all = new StringBuilder();
        StringBuilder between = new StringBuilder();
        Matcher matcher = REFERENCE.matcher(written);
        int at = 0;
        while (matcher.find()) {
            between.append(written, at, matcher.start());
            at = matcher.end();
            if (matcher.group(1) == null) {
                between.append('$');
            } else {
                all.append(literal.apply(between.toString())).append(reference.apply(matcher));
                between.setLength(0);
            }
        }
        return all.append(literal.apply(between.append(written, at, written.length()).toString())).toString();
    }

    /** Returns a text as a part of a string of JSON. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ') {
                escaped.append("\\u%04x".formatted((int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
