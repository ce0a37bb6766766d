package fanout.url;

import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** What the WHATWG's host parser does beyond OkHttp's: the trailing dot, and IPv4 addresses in any spelling. */
final class HostNames {

    /** An authority with an IPv6 address in which something is percent-encoded. */
    private static final Pattern ESCAPED_ADDRESS =
            Pattern.compile("(?:https?:[/\\\\]+|[/\\\\]{2,})[^/\\\\?#\\[]*\\[[^\\]/\\\\?#%]*%",
                    Pattern.CASE_INSENSITIVE);

    private HostNames() {}

    /** Whether a link names an IPv6 address with percent escapes, which OkHttp decodes and the URL standard refuses. */
    static boolean hasEscapedAddress(String link) {
        return link.indexOf('[') >= 0 && ESCAPED_ADDRESS.matcher(link).lookingAt();
    }

    /** The canonical name; empty if it is not a name, or looks like an IPv4 address but is not valid. */
    static String canonical(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.isEmpty() || name.endsWith(".") || isForbidden(name) || (name.contains("xn--") && !isReadable(name))) {
            return "";
        }
        if (name.contains(":") || !endsInNumber(name)) {
            return name;
        }
        return ipv4(name).orElse("");
    }

    /** The URL standard's forbidden domain code points that OkHttp lets through. */
    private static boolean isForbidden(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c == '<' || c == '>' || c == '^' || c == '|' || c == '%' || c == 0x7F) {
                return true;
            }
        }
        return false;
    }

    /** OkHttp encodes some names in punycode, such as those with ~, that it refuses to decode. */
    private static boolean isReadable(String name) {
        HttpUrl url = HttpUrl.Companion.parse("http://" + name + "/");
        return url != null && url.host().equals(name);
    }

    private static boolean endsInNumber(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        return !last.isEmpty() && (last.chars().allMatch(c -> c >= '0' && c <= '9') || number(last).isPresent());
    }

    /** One to four numbers, each decimal, octal (leading 0) or hexadecimal (0x); the last fills the remaining bytes. */
    private static Optional<String> ipv4(String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length > 4) {
            return Optional.empty();
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            Optional<Long> part = number(parts[i]);
            int bytes = i == parts.length - 1 ? 5 - parts.length : 1;
            if (part.isEmpty() || part.get() >= 1L << (8 * bytes)) {
                return Optional.empty();
            }
            address = address << (8 * bytes) | part.get();
        }
        return Optional.of((address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "."
                + (address & 255));
    }

    private static Optional<Long> number(String part) {
        boolean hexadecimal = part.startsWith("0x") || part.startsWith("0X");
        boolean octal = !hexadecimal && part.startsWith("0");
        String digits = hexadecimal ? part.substring(2) : part;
        int radix = hexadecimal ? 16 : octal ? 8 : 10;
        if (part.isEmpty()) {
            return Optional.empty();
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), radix);
            if (digit < 0 || value > 0xFFFF_FFFFL) {
                return Optional.empty();
            }
            value = value * radix + digit;
        }
        return Optional.of(value);
    }
}
