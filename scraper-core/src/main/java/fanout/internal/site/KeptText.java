package fanout.internal.site;

import java.util.Map;

/**
 * The beginning of a token: its first {@value #LONGEST} characters, however long it is. That is several times the
 * longest location. Confined to one thread.
 */
final class KeptText {

    static final int LONGEST = 16 << 10;

    private static final int LONGEST_ENTITY = 10;
    private static final Map<String, String> ENTITIES =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");

    private final StringBuilder text = new StringBuilder();

    void clear() {
        text.setLength(0);
    }

    void add(char c) {
        if (text.length() < LONGEST) {
            text.append(c);
        }
    }

    /** Drops the last characters, unless it has dropped more than these already. */
    void cut(int count) {
        if (text.length() < LONGEST) {
            text.setLength(Math.max(0, text.length() - count));
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /**
     * Text with the five entities of XML and numeric ones replaced. Others stand for themselves: nothing declares them.
     */
    static String decoded(String text) {
        int ampersand = text.indexOf('&');
        if (ampersand < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        for (; ampersand >= 0; ampersand = text.indexOf('&', ampersand + 1)) {
            int end = text.indexOf(';', ampersand, Math.min(text.length(), ampersand + 2 + LONGEST_ENTITY));
            String value = end < 0 ? "" : entity(text.substring(ampersand + 1, end));
            if (!value.isEmpty()) {
                out.append(text, copied, ampersand).append(value);
                copied = end + 1;
            }
        }
        return out.append(text, copied, text.length()).toString();
    }

    private static String entity(String name) {
        if (!name.startsWith("#")) {
            return ENTITIES.getOrDefault(name, "");
        }
        boolean hexadecimal = name.startsWith("#x") || name.startsWith("#X");
        int radix = hexadecimal ? 16 : 10;
        int codePoint = 0;
        for (int i = hexadecimal ? 2 : 1; i < name.length() && codePoint <= Character.MAX_CODE_POINT; i++) {
            int digit = name.charAt(i) < 128 ? Character.digit(name.charAt(i), radix) : -1;
            if (digit < 0) {
                return "";
            }
            codePoint = codePoint * radix + digit;
        }
        return codePoint == 0 || codePoint > Character.MAX_CODE_POINT ? "" : Character.toString(codePoint);
    }
}
