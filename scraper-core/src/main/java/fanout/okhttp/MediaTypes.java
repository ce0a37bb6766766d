package fanout.okhttp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a Content-Type as browsers do, who must read what servers send: of several values the last that is a media type counts
 * (Fetch standard, "extract a MIME type"), and a media type ends at white space as it does at a semicolon.
 */
final class MediaTypes {

    private MediaTypes() {}

    /**
     * The media type without its parameters, in lower case.
     *
     * @param lines of all Content-Type headers, in their order
     * @return empty if there is none; what stands in its place, if that is no media type
     */
    static Optional<String> essence(List<String> lines) {
        Optional<String> last = Optional.empty();
        for (String line : lines) {
            for (String value : values(line)) {
                String essence = cut(value.strip(), " \t;(").toLowerCase(Locale.ROOT);
                if (isMediaType(essence) || (last.isEmpty() && !essence.isEmpty())) {
                    last = Optional.of(essence);
                }
            }
        }
        return last;
    }

    /** The parts between commas, but for those in quotation marks. */
    private static List<String> values(String line) {
        List<String> values = new ArrayList<>();
        boolean isQuoted = false;
        int start = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == ',' && !isQuoted) {
                values.add(line.substring(start, i));
                start = i + 1;
            }
        }
        values.add(line.substring(start));
        return values;
    }

    private static String cut(String value, String ends) {
        for (int i = 0; i < value.length(); i++) {
            if (ends.indexOf(value.charAt(i)) >= 0) {
                return value.substring(0, i);
            }
        }
        return value;
    }

    private static boolean isMediaType(String essence) {
        int slash = essence.indexOf('/');
        return slash > 0 && slash < essence.length() - 1 && !essence.equals("*/*");
    }
}
