package fanout.app.config;

import fanout.url.CanonicalUrl;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person is told about text that is no URL to fetch. Text that may hold a password is not shown. */
public final class UrlProblem {

    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*\\.[A-Za-z]{2,}([:/?#].*)?");

    /** This machine, or an address: what is tried out is rarely served over https. */
    private static final Pattern LOCAL =
            Pattern.compile("(?i)(localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+])(:\\d+)?([/?#].*)?");

    private static final Pattern PORT = Pattern.compile("(?i)https?://[^/?#]*:(\\d{1,18})(?:[/?#].*)?");
    private static final int HIGHEST_PORT = 65_535;

    private UrlProblem() {}

    /**
     * The problem in words.
     *
     * @param name of the key or argument
     */
    public static String of(String name, String text) {
        return text.contains("@") ? ofHidden(name) : ofHidden(name) + ", not \"" + text + "\"" + cure(text);
    }

    /** The problem with text that is secret. */
    static String ofHidden(String name) {
        return name + " must be an absolute http or https URL without user name and password";
    }

    /** A URL without a scheme is probably meant as https. */
    private static String cure(String text) {
        Matcher port = PORT.matcher(text);
        if (port.matches() && port.group(1).length() > 4 && Long.parseLong(port.group(1)) > HIGHEST_PORT) {
            return "; the port must be between 1 and " + HIGHEST_PORT;
        }
        String scheme = LOCAL.matcher(text).matches() ? "http://" : BARE.matcher(text).matches() ? "https://" : "";
        boolean bare = !scheme.isEmpty() && CanonicalUrl.parse(scheme + text).isPresent();
        return bare ? "; did you mean \"" + scheme + text + "\"?" : "";
    }
}
