package fanout.charset;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names by which servers and pages declare a charset. */
final class CharsetLabel {

    private static final Pattern PARAMETER = Pattern.compile("charset\\s*=\\s*[\"']?\\s*([^\\s,;\"']+)",
            Pattern.CASE_INSENSITIVE);

    private CharsetLabel() {}

    /** The charset of this name; empty if there is none. */
    static Optional<Charset> charset(String label) {
        String name = label.trim();
        if (name.equalsIgnoreCase("utf-16") || name.equalsIgnoreCase("unicode")) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    /** The charset parameter of a Content-Type, be it a header or a meta element's. */
    static Optional<String> inContentType(String contentType) {
        Matcher matcher = PARAMETER.matcher(contentType);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
