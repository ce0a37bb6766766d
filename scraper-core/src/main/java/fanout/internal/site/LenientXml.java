package fanout.internal.site;

import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/**
 * Cuts XML into tags and text, and continues behind what a strict parser stops at: a raw {@code &}, an entity that is
 * not declared, a control character, a prefix without a namespace, a {@code <} that opens no tag.
 *
 * <p>Safe against hostile documents: it declares, expands and fetches nothing, and keeps of a token no more than
 * {@link KeptText} does. Confined to one thread.
 */
final class LenientXml {

    /** What was read last. */
    enum Token {
        START, END, TEXT, DOCTYPE, END_OF_INPUT
    }

    private final MarkupInput in;
    private final KeptText kept = new KeptText();
    private String name = "";
    private String text = "";
    private boolean endsItself;

    LenientXml(Reader in) {
        this.in = new MarkupInput(in);
    }

    /** The next tag, text or document type. Comments, instructions and declarations are passed over. */
    Token next() throws IOException {
        if (endsItself) {
            endsItself = false;
            return Token.END;
        }
        while (true) {
            kept.clear();
            int c = in.read();
            if (c < 0) {
                return Token.END_OF_INPUT;
            }
            if (c != '<') {
                in.back(c);
                return text();
            }
            int opened = in.read();
            if (opened == '/') {
                return tag() ? Token.END : Token.END_OF_INPUT;
            }
            if (isNameStart(opened)) {
                in.back(opened);
                return start();
            }
            if (opened != '?' && opened != '!') {
                kept.add('<');
                in.back(opened);
                return text();
            }
            Optional<Token> token = opened == '?' ? instruction() : declaration();
            if (token.isPresent()) {
                return token.get();
            }
        }
    }

    /** The tag's name, with its prefix. */
    String name() {
        return name;
    }

    /** The text, its entities replaced; of a tag or document type what stands behind its name. */
    String content() {
        return text;
    }

    private Token text() throws IOException {
        int c = in.read();
        while (c >= 0 && c != '<') {
            kept.add((char) c);
            c = in.read();
        }
        in.back(c);
        text = KeptText.decoded(kept.toString());
        return Token.TEXT;
    }

    private Token start() throws IOException {
        if (!tag()) {
            return Token.END_OF_INPUT;
        }
        endsItself = text.endsWith("/");
        return Token.START;
    }

    /** Reads to the end of a tag: a {@code >}, or the {@code <} of the next one. False if the document ends before. */
    private boolean tag() throws IOException {
        char last = ' ';
        char quote = 0;
        int c = in.read();
        while (c >= 0 && (quote != 0 || (c != '>' && c != '<'))) {
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && last == '=' && (c == '"' || c == '\'')) {
                quote = (char) c;
            }
            last = isSpace(c) ? last : (char) c;
            kept.add((char) c);
            c = in.read();
        }
        if (c == '<') {
            in.back(c);
        }
        split(kept.toString());
        return c >= 0;
    }

    private void split(String tag) {
        int end = 0;
        while (end < tag.length() && !isSpace(tag.charAt(end)) && tag.charAt(end) != '/') {
            end++;
        }
        name = tag.substring(0, end);
        text = tag.substring(end);
    }

    private Optional<Token> instruction() throws IOException {
        return in.readTo('?', 1, kept) ? Optional.empty() : Optional.of(Token.END_OF_INPUT);
    }

    /** A comment, a CDATA section, a document type, or something else that begins with {@code <!}. */
    private Optional<Token> declaration() throws IOException {
        if (follows("--")) {
            return in.readTo('-', 2, kept) ? Optional.empty() : Optional.of(Token.END_OF_INPUT);
        }
        if (follows("[CDATA[")) {
            boolean isWhole = in.readTo(']', 2, kept);
            text = kept.toString();
            return Optional.of(isWhole ? Token.TEXT : Token.END_OF_INPUT);
        }
        boolean isDoctype = follows("DOCTYPE");
        if (!in.readTo('>', 0, kept)) {
            return Optional.of(Token.END_OF_INPUT);
        }
        text = kept.toString();
        return isDoctype ? Optional.of(Token.DOCTYPE) : Optional.empty();
    }

    /** Whether these characters come next. If not, those that did are read all the same: they are of no declaration. */
    private boolean follows(String expected) throws IOException {
        for (int i = 0; i < expected.length(); i++) {
            int c = in.read();
            if (c != expected.charAt(i)) {
                in.back(c);
                return false;
            }
        }
        return true;
    }

    private static boolean isNameStart(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || c >= 0x80;
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
