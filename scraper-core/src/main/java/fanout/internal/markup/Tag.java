package fanout.internal.markup;

import fanout.internal.markup.Element.TagName;
import fanout.internal.markup.PageElements.TagAttribute;
import fanout.internal.markup.PageElements.TagAttributes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jsoup.parser.Parser;

/**
 * One tag of a page after the other: name, attributes and end, as the HTML standard's tokenizer has them (sections
 * 13.2.5.6 to 13.2.5.40). Only the attributes that links have are kept, and these as places in the page: their values
 * are made when asked for. Confined to one thread.
 */
final class Tag implements TagAttributes {

    /** jsoup drops what is beyond 512. */
    static final int MOST_ATTRIBUTES = 500;

    private static final char REPLACEMENT = '\uFFFD';
    private static final TagAttribute[] KEPT = TagAttribute.values();

    private final byte[] page;
    private final Charset charset;
    private final int end;
    private final int[] from = new int[KEPT.length];
    private final int[] to = new int[KEPT.length];
    private int kept;
    private int attributes;
    private long name;
    private Element element = Element.OTHER;
    private boolean closesItself;
    private int at;

    Tag(byte[] page, int end, Charset charset) {
        this.page = page;
        this.end = end;
        this.charset = charset;
    }

    /**
     * Reads a tag, from its name on.
     *
     * @return the place behind it; the page's end if it is not whole, and is no tag therefore
     */
    int read(int nameAt) {
        name = 0;
        kept = 0;
        attributes = 0;
        closesItself = false;
        at = nameAt;
        while (at < end && !endsName(page[at])) {
            name = TagName.append(name, page[at++]);
        }
        element = Element.of(name);
        while (readAttribute()) {
            attributes++;
        }
        return Math.min(at + 1, end);
    }

    /** Whether the tag that was read last has an end. */
    boolean isWhole() {
        return at < end;
    }

    /**
     * Reads an attribute; false at the end of the tag, where {@code at} is its {@code >} then, and at that of the page.
     */
    private boolean readAttribute() {
        int start = at;
        while (at < end && (isSpace(page[at]) || page[at] == '/')) {
            at++;
        }
        if (at == end || page[at] == '>') {
            closesItself = at > start && page[at - 1] == '/';
            return false;
        }
        int nameAt = at++; // whatever it is: an equals sign, too
        while (at < end && !endsName(page[at]) && page[at] != '=') {
            at++;
        }
        int nameEnd = at;
        skipSpaces();
        if (at < end && page[at] == '=') {
            at++;
            skipSpaces();
            readValue(nameAt, nameEnd);
        } else {
            keep(nameAt, nameEnd, at, at);
        }
        return at < end;
    }

    private void readValue(int nameAt, int nameEnd) {
        byte quote = at < end ? page[at] : (byte) '>';
        int valueAt = at;
        if (quote == '"' || quote == '\'') {
            valueAt++;
            at = Octets.find(quote, page, valueAt, end);
            keep(nameAt, nameEnd, valueAt, at);
            at = Math.min(at + 1, end);
        } else {
            while (at < end && page[at] != '>' && !isSpace(page[at])) {
                at++;
            }
            keep(nameAt, nameEnd, valueAt, at);
        }
    }

    private void keep(int nameAt, int nameEnd, int valueAt, int valueEnd) {
        if (element.link() == null) {
            return; // it is not asked for them
        }
        for (TagAttribute attribute : KEPT) {
            if (isNamed(nameAt, nameEnd, attribute.key())) {
                if (!has(attribute)) {
                    kept |= 1 << attribute.place();
                    from[attribute.place()] = valueAt;
                    to[attribute.place()] = valueEnd;
                }
                return;
            }
        }
    }

    private boolean isNamed(int nameAt, int nameEnd, String key) {
        if (nameEnd - nameAt != key.length()) {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            byte c = page[nameAt + i];
            if ((c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c) != key.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void skipSpaces() {
        while (at < end && isSpace(page[at])) {
            at++;
        }
    }

    long name() {
        return name;
    }

    Element element() {
        return element;
    }

    /** Whether it ends in {@code />}. In HTML that says nothing. */
    boolean closesItself() {
        return closesItself;
    }

    boolean hasTooManyAttributes() {
        return attributes > MOST_ATTRIBUTES;
    }

    @Override
    public boolean has(TagAttribute attribute) {
        return (kept & 1 << attribute.place()) != 0;
    }

    @Override
    public String value(TagAttribute attribute) {
        if (!has(attribute)) {
            return "";
        }
        int start = from[attribute.place()];
        return References.inAttribute(text(page, start, to[attribute.place()], charset));
    }

    /** The text between two places. */
    static String text(byte[] page, int from, int to, Charset charset) {
        String text = new String(page, from, to - from, StandardCharsets.UTF_8);
        // Of a malformed sequence, the Encoding Standard makes other characters than the JDK.
        String decoded = text.indexOf(REPLACEMENT) < 0 ? text
                : charset.decode(ByteBuffer.wrap(page, from, to - from)).toString();
        return decoded.replace('\0', REPLACEMENT);
    }

    private static boolean endsName(byte c) {
        return isSpace(c) || c == '/' || c == '>';
    }

    /** White space of HTML. */
    static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    }

    /**
     * Character references. Those of nearly all links and titles are numbers, or one of a few names, and are resolved
     * here; so is an ampersand that begins none. jsoup, which knows all names and all mistakes, resolves the others: it
     * makes a parser for each call.
     */
    static final class References {

        /** Of a number or one of the names, with what stands before it. */
        private static final int LONGEST = 8;
        /** Numbers below mean control characters, and some of them another character. */
        private static final int FIRST_PLAIN = 0xA0;

        private static final int NONE = -1;

        private References() {}

        /** The value of an attribute. */
        static String inAttribute(String text) {
            return resolved(text, true);
        }

        /** Text between tags. */
        static String inText(String text) {
            return resolved(text, false);
        }

        private static String resolved(String text, boolean inAttribute) {
            int first = text.indexOf('&');
            if (first < 0) {
                return text;
            }
            StringBuilder out = new StringBuilder(text.length()).append(text, 0, first);
            for (int at = first; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c != '&' || beginsNone(text, at + 1) || (inAttribute && isBeforeEqualsSign(text, at + 1))) {
                    out.append(c);
                    continue;
                }
                int end = text.indexOf(';', at);
                int character = end < 0 ? NONE : character(text, at + 1, end);
                if (character == NONE) {
                    return Parser.unescapeEntities(text, inAttribute);
                }
                out.appendCodePoint(character);
                at = end;
            }
            return out.toString();
        }

        /** Whether what follows an ampersand is the end, white space, or another beginning. */
        private static boolean beginsNone(String text, int from) {
            return from == text.length() || " \t\n\r\f<&".indexOf(text.charAt(from)) >= 0;
        }

        /** In {@code ?a=1&copy=2} there is no reference, whatever the name. */
        private static boolean isBeforeEqualsSign(String text, int from) {
            int at = from;
            while (at < text.length() && isLetter(text.charAt(at))) {
                at++;
            }
            return at > from && at < text.length() && text.charAt(at) == '=';
        }

        private static boolean isLetter(char c) {
            return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        }

        /** The character between an ampersand and a semicolon; {@link #NONE} if that is for jsoup. */
        private static int character(String text, int from, int end) {
            if (end - from > LONGEST) {
                return NONE;
            }
            String name = text.substring(from, end);
            if (name.startsWith("#x") || name.startsWith("#X")) {
                return plain(number(name, 2, 16));
            }
            if (name.startsWith("#")) {
                return plain(number(name, 1, 10));
            }
            return switch (name) {
                case "amp" -> '&';
                case "lt" -> '<';
                case "gt" -> '>';
                case "quot" -> '"';
                case "apos" -> '\'';
                case "nbsp" -> '\u00a0';
                case "copy" -> '©';
                case "laquo" -> '«';
                case "raquo" -> '»';
                case "middot" -> '·';
                case "ndash" -> '–';
                case "mdash" -> '—';
                case "rsquo" -> '’';
                case "hellip" -> '…';
                default -> NONE;
            };
        }

        private static int number(String name, int from, int radix) {
            int number = name.length() == from ? NONE : 0;
            for (int at = from; at < name.length(); at++) {
                int digit = name.charAt(at) < 0x80 ? Character.digit(name.charAt(at), radix) : NONE;
                if (digit == NONE) {
                    return NONE;
                }
                number = number * radix + digit;
            }
            return number;
        }

        /** The number, if it is that of a character that stands for itself. */
        private static int plain(int number) {
            boolean isPrintable = number >= ' ' && number <= '~';
            boolean isHigh = number >= FIRST_PLAIN && number <= Character.MAX_CODE_POINT
                    && (number < Character.MIN_SURROGATE || number > Character.MAX_SURROGATE);
            return isPrintable || isHigh ? number : NONE;
        }
    }

    /** Finds bytes in a page, eight at a time: most of a page is text that has to be passed over. */
    static final class Octets {

        private static final VarHandle LONGS =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
        private static final long ONES = 0x0101_0101_0101_0101L;
        private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

        private Octets() {}

        /** The first place of a byte from some place on; the end if it is missing. */
        static int find(byte octet, byte[] page, int from, int end) {
            long pattern = ONES * (octet & 0xFF);
            int at = from;
            for (; at <= end - Long.BYTES; at += Long.BYTES) {
                long differences = (long) LONGS.get(page, at) ^ pattern;
                long zeros = (differences - ONES) & ~differences & HIGH_BITS; // the lowest one set is right
                if (zeros != 0) {
                    return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
                }
            }
            while (at < end && page[at] != octet) {
                at++;
            }
            return at;
        }
    }
}
