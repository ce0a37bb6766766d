package fanout.internal.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.Set;

/**
 * How a page's bytes become characters, and its links' queries bytes: as the HTML standard and the Encoding Standard
 * say. Decides, in this order: a byte order mark, the job, the Content-Type header, a meta element, an XML declaration.
 * A page that declares nothing is UTF-8 if all of it is valid as such, and windows-1252 otherwise. Labels that are
 * unknown fall through to the next. Immutable.
 *
 * @param name the charset's name, as declared: what reports show
 * @param decoder what decodes it; for some declared charsets the superset that browsers take
 * @param bomLength bytes to skip
 */
public record PageCharset(String name, Charset decoder, int bomLength) {

    private static final String FALLBACK = "windows-1252";

    /** Returns the labels of the Encoding Standard, in lower case. */
    public static Set<String> labels() {
        return CharsetLabel.all();
    }

    /** Returns whether this is a label of the Encoding Standard, whatever its case and the white space around it. */
    public static boolean isLabel(String label) {
        return CharsetLabel.of(label).isPresent();
    }

    /** Returns the charset of a page whose job names none. */
    public static PageCharset detect(String contentType, byte[] body) {
        return detect(Optional.empty(), contentType, body);
    }

    /**
     * Returns the charset of a page.
     *
     * @param override a label that counts more than what the page and the server declare
     * @param contentType the Content-Type header; empty if it is missing
     * @param body all of it
     */
    public static PageCharset detect(Optional<String> override, String contentType, byte[] body) {
        return byBom(body)
                .or(() -> override.flatMap(CharsetLabel::of)
                        .or(() -> HeaderCharset.find(contentType))
                        .or(() -> MetaCharset.find(body))
                        .map(PageCharset::declared))
                .orElseGet(() -> undeclared(body));
    }

    /**
     * Returns the charset of JSON: UTF-8 (RFC 8259, section 8.1), whatever the header says, if the body is valid as
     * such. A body that is not was written in another encoding, which the header names, or which is windows-1252.
     */
    public static PageCharset ofJson(Optional<String> override, String contentType, byte[] body) {
        return byBom(body)
                .or(() -> override.flatMap(CharsetLabel::of).map(PageCharset::declared))
                .or(() -> Optional.of(unicode("UTF-8", 0)).filter(_ -> Utf8.isValid(body)))
                .or(() -> HeaderCharset.find(contentType).map(PageCharset::declared))
                .orElseGet(PageCharset::fallback);
    }

    /**
     * Returns the charset of XML that is no page (RFC 7303, section 3.2): by its byte order mark, the Content-Type
     * header or its declaration; UTF-8 if none of them names one.
     *
     * @param start its first bytes, with the declaration
     */
    public static PageCharset ofXml(String contentType, byte[] start) {
        return byBom(start)
                .or(() -> HeaderCharset.find(contentType).or(() -> XmlCharset.find(start)).map(PageCharset::declared))
                .orElseGet(() -> unicode("UTF-8", 0));
    }

    /** UTF-8 as the Encoding Standard reads it. */
    public static Charset utf8() {
        return Encodings.of("UTF-8");
    }

    /**
     * Decodes UTF-8 between two places. Writes a byte that belongs to no sequence as its percent escape, as in a URL.
     */
    public static String utf8WithEscapes(byte[] text, int from, int to) {
        return Utf8.escaped(text, from, to);
    }

    /** Whether the page is in UTF-8. */
    public boolean isUtf8() {
        return decoder instanceof Utf8;
    }

    /** Returns the charset that a label of the Encoding Standard names; empty if it names none. */
    public static Optional<PageCharset> ofLabel(String label) {
        return CharsetLabel.of(label).map(PageCharset::declared);
    }

    private static Optional<PageCharset> byBom(byte[] body) {
        if (startsWith(body, 0xEF, 0xBB, 0xBF)) {
            return Optional.of(unicode("UTF-8", 3));
        }
        if (startsWith(body, 0xFE, 0xFF)) {
            return Optional.of(unicode("UTF-16BE", 2));
        }
        return startsWith(body, 0xFF, 0xFE) ? Optional.of(unicode("UTF-16LE", 2)) : Optional.empty();
    }

    private static PageCharset undeclared(byte[] body) {
        return Utf8.isValid(body) ? unicode("UTF-8", 0) : fallback();
    }

    private static PageCharset fallback() {
        return new PageCharset(FALLBACK, Encodings.of(FALLBACK), 0);
    }

    private static PageCharset declared(CharsetLabel label) {
        return new PageCharset(label.name(), label.charset(), 0);
    }

    private static PageCharset unicode(String name, int bomLength) {
        return new PageCharset(name, Encodings.of(name), bomLength);
    }

    private static boolean startsWith(byte[] body, int... start) {
        if (body.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if ((body[i] & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The query of a link on the page as it is asked for: percent-encoded in the page's encoding, where a character
     * that the encoding lacks is a decimal character reference. Unchanged if that is UTF-8, which every URL is written
     * in, or has no encoder.
     */
    public String query(String text) {
        return decoder instanceof LegacyCharset legacy ? legacy.query(text) : text;
    }

    /**
     * Returns the name, in the Encoding Standard, of the encoding in which forms of the page are sent: UTF-8 if it has
     * no encoder.
     */
    public String formName() {
        return decoder instanceof LegacyCharset legacy ? legacy.name() : "UTF-8";
    }

    /**
     * Returns a text of a form as it is sent, where a character that the encoding lacks is a decimal character
     * reference, and half of a surrogate pair is U+FFFD.
     */
    public byte[] formBytes(String text) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream(text.length());
        if (decoder instanceof LegacyCharset legacy) {
            legacy.write(text, new LegacyCharset.Output() {
                @Override
                public void bytes(long bytes) {
                    int shift = 24;
                    while (shift > 0 && (bytes >>> shift) == 0) {
                        shift -= 8;
                    }
                    for (; shift >= 0; shift -= 8) {
                        sent.write((int) (bytes >>> shift));
                    }
                }

                @Override
                public void reference(int codePoint) {
                    sent.writeBytes(("&#" + codePoint + ";").getBytes(US_ASCII));
                }
            });
        } else {
            int[] scalars = text.codePoints().map(LegacyCharset::scalar).toArray();
            sent.writeBytes(new String(scalars, 0, scalars.length).getBytes(UTF_8));
        }
        return sent.toByteArray();
    }

    /**
     * The charset parameter of a Content-Type header: the MIME Sniffing standard's "parsing a MIME type", and beyond it
     * what servers write and other crawlers read: apostrophes for quotation marks, spaces around the equals sign, a
     * space or a comma for a semicolon. Of several parameters the first that has a value counts. Confined to one
     * thread.
     */
    private static final class HeaderCharset {

        private static final String SEPARATORS = ";, \t\r\n\f";

        private final String header;
        private int at;

        private HeaderCharset(String header) {
            this.header = header;
        }

        static Optional<CharsetLabel> find(String contentType) {
            HeaderCharset header = new HeaderCharset(contentType);
            while (header.at < contentType.length()) {
                header.skip(SEPARATORS);
                String name = header.until(SEPARATORS + "=");
                header.skip(" \t");
                if (!header.isAt('=')) {
                    continue;
                }
                header.at++;
                header.skip(" \t");
                String value = header.value();
                if (name.equalsIgnoreCase("charset") && !value.isEmpty()) {
                    return CharsetLabel.of(value);
                }
            }
            return Optional.empty();
        }

        private String value() {
            if (isAt('"')) {
                String value = quoted();
                until(";,"); // what stands behind the quotation marks is nothing
                return value;
            }
            if (isAt('\'') && header.indexOf('\'', at + 1) > 0) {
                at++;
                String value = until("'");
                at++;
                return value;
            }
            return until(SEPARATORS);
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            at++;
            while (at < header.length() && !isAt('"')) {
                at += isAt('\\') && at + 1 < header.length() ? 1 : 0;
                value.append(header.charAt(at++));
            }
            at++;
            return value.toString();
        }

        private String until(String ends) {
            int from = Math.min(at, header.length());
            at = from;
            while (at < header.length() && ends.indexOf(header.charAt(at)) < 0) {
                at++;
            }
            return header.substring(from, at);
        }

        private void skip(String characters) {
            while (at < header.length() && characters.indexOf(header.charAt(at)) >= 0) {
                at++;
            }
        }

        private boolean isAt(char c) {
            return at < header.length() && header.charAt(at) == c;
        }
    }
}
