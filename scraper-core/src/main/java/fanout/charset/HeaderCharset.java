package fanout.charset;

import java.util.Optional;

/**
 * The charset parameter of a Content-Type header: the MIME Sniffing standard's "parsing a MIME type", and beyond it what servers
 * write and other crawlers read: apostrophes for quotation marks, spaces around the equals sign, a space or a comma for a semicolon. Of
 * several parameters the first that has a value counts. Confined to one thread.
 */
final class HeaderCharset {

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
