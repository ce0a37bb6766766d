package fanout.markup;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * One tag of a page after the other: name, attributes and end, as the HTML standard's tokenizer has them (sections 13.2.5.6 to
 * 13.2.5.40). Only the attributes that links have are kept, and these as places in the page: their values are made when asked
 * for. Confined to one thread.
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

    /** Reads an attribute; false at the end of the tag, where {@code at} is its {@code >} then, and at that of the page. */
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
        // Of a sequence that is none, the Encoding Standard makes other characters than the JDK.
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
}
