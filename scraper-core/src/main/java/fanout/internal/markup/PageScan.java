package fanout.internal.markup;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.markup.Element.Role;
import fanout.internal.markup.PageElements.LinkElement;
import fanout.internal.markup.Tag.Octets;
import fanout.internal.markup.Tag.References;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the markup of a page from its beginning to its end, and reports its links and its title as a walk over the
 * document that jsoup makes of it would: each start tag is one element, and the elements are in the order of the tags.
 * Where that is not so, or not sure to be so, it stops and says which {@link NeedsTree markup} is the reason; what was
 * told until then counts for nothing. It makes no object for a tag, and none for a text.
 *
 * <p>Formatting elements that are not closed in order, as in {@code <a><p></a>}, are no reason. Tree construction
 * copies them, but the copies come later and link to the same. Nor are comments, raw texts and quotes that never end:
 * they end with the page.
 *
 * <p>Confined to one thread. Takes a time proportional to the page's length, whatever is in it.
 */
public final class PageScan {

    private static final int CHARACTERS_BETWEEN_CHECKS = 1 << 14;
    /** U+FFFF. */
    private static final byte[] JSOUPS_END = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBF};

    private final byte[] page;
    private final Charset charset;
    private final int end;
    private final PageElements found;
    private final ParseTime time;
    private final Tag tag;
    private final RawText rawText;
    private final TreeOrder order = new TreeOrder();
    private @Nullable String title;
    private @Nullable NeedsTree reason;
    private int at;

    /**
     * A scan of a page.
     *
     * @param page in UTF-8; must not change meanwhile
     * @param from where it begins, behind a byte order mark
     * @param charset UTF-8, as it makes characters of sequences that are none
     * @param found is told of its elements
     */
    public PageScan(byte[] page, int from, Charset charset, PageElements found, ParseTime time) {
        this.page = page;
        this.at = from;
        this.end = page.length;
        this.charset = charset;
        this.found = found;
        this.time = time;
        this.tag = new Tag(page, end, charset);
        this.rawText = new RawText(page, end);
    }

    /**
     * Reads the page, once.
     *
     * @return why it takes a tree to read it; empty if it does not
     * @throws ParseStopped if the thread is interrupted or the deadline has passed
     */
    public Optional<NeedsTree> read() throws ParseStopped {
        int nextCheck = 0;
        while (at < end && reason == null) {
            if (at >= nextCheck) {
                time.check();
                nextCheck = at + CHARACTERS_BETWEEN_CHECKS;
            }
            if (page[at] == '<') {
                readMarkup();
            } else {
                at = rawText.find('<', at);
            }
        }
        if (reason == null && hasEndWithin()) {
            reason = NeedsTree.END_MARK;
        }
        return Optional.ofNullable(reason);
    }

    private boolean hasEndWithin() {
        int octet = Octets.find(JSOUPS_END[0], page, 0, end);
        while (octet < end && !Arrays.equals(JSOUPS_END, 0, 3, page, octet, Math.min(octet + 3, end))) {
            octet = Octets.find(JSOUPS_END[0], page, octet + 1, end);
        }
        return octet < end;
    }

    /** Returns the text of the first title element in the document. */
    public Optional<String> title() {
        return Optional.ofNullable(title);
    }

    private void readMarkup() {
        byte next = at + 1 < end ? page[at + 1] : (byte) ' ';
        if (isLetter(next)) {
            at = tag.read(at + 1);
            if (tag.isWhole()) {
                start();
            }
        } else if (next == '/') {
            readEndTag();
        } else if (next == '!' || next == '?') {
            readDeclaration();
        } else {
            at++; // a bracket that is text
        }
    }

    private void start() {
        boolean isOfDrawing = order.isInDrawing();
        order.start(tag);
        reason = order.reason();
        if (reason != null || isOfDrawing) {
            return;
        }
        Element element = tag.element();
        LinkElement link = element.link();
        if (link != null && !order.isInTemplate()) {
            if (tag.hasTooManyAttributes()) {
                reason = NeedsTree.ATTRIBUTES;
                return;
            }
            found.element(link, tag);
        }
        if (element.role() == Role.TEXT) {
            readRawText(element);
        }
    }

    private void readRawText(Element element) {
        int from = at;
        at = rawText.endTag(element.tag(), from);
        if (element == Element.TITLE && title == null && !order.isInTemplate()) {
            reason = at == end ? NeedsTree.OPEN_TITLE : null;
            title = References.inText(Tag.text(page, from, at, charset));
        } else if (element == Element.SCRIPT && rawText.hasScriptInComment(from, at)) {
            reason = NeedsTree.SCRIPT_IN_COMMENT;
        }
        if (at < end) {
            at = tag.read(at + "</".length());
        }
    }

    private void readEndTag() {
        if (at + 2 == end) {
            at = end; // text
        } else if (isLetter(page[at + 2])) {
            at = tag.read(at + 2);
            if (tag.isWhole()) {
                order.end(tag);
                reason = order.reason();
            }
        } else {
            at = Math.min(rawText.find('>', at + 2) + 1, end);
        }
    }

    /** A comment, or what is taken for one. */
    private void readDeclaration() {
        if (rawText.isAt("<!--", at)) {
            at = rawText.behindComment(at + "<!--".length());
        } else if (order.isInDrawing() && rawText.isAt("<![", at)) {
            reason = NeedsTree.FOREIGN_CONTENT;
        } else {
            at = Math.min(rawText.find('>', at + 2) + 1, end);
        }
    }

    private static boolean isLetter(byte c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }

    /**
     * Where text ends in which tags are none: comments, scripts, styles, titles and the like (HTML standard, sections
     * 13.2.5.2 to 13.2.5.54). Confined to one thread.
     */
    private static final class RawText {

        private final byte[] page;
        private final int end;

        RawText(byte[] page, int end) {
            this.page = page;
            this.end = end;
        }

        /** The first place of an ASCII character from some place on; the page's end if it is missing. */
        int find(char c, int from) {
            return Octets.find((byte) c, page, from, end);
        }

        /** Whether a text is at a place, whatever the case of its letters, which is lower here. */
        boolean isAt(String text, int at) {
            if (end - at < text.length()) {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                byte c = page[at + i];
                if ((c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c) != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        /** Behind a comment whose text begins at a place; the page's end if it never ends. */
        int behindComment(int from) {
            if (isAt(">", from)) {
                return from + 1;
            }
            if (isAt("->", from)) {
                return from + 2;
            }
            for (int at = find('-', from); at < end; at = find('-', at + 1)) {
                if (isAt("-->", at)) {
                    return at + 3;
                }
                if (isAt("--!>", at)) {
                    return at + 4;
                }
            }
            return end;
        }

        /** The end tag that ends the text of an element; the page's end if it is missing. */
        int endTag(String name, int from) {
            int at = find('<', from);
            while (at < end && !isEndTag(name, at)) {
                at = find('<', at + 1);
            }
            return at;
        }

        private boolean isEndTag(String name, int at) {
            int behindName = at + 2 + name.length();
            return behindName < end && page[at + 1] == '/' && isAt(name, at + 2)
                    && (Tag.isSpace(page[behindName]) || page[behindName] == '/' || page[behindName] == '>');
        }

        /** Whether a script has a comment and a script in it. In such a one an end tag of a script may be text. */
        boolean hasScriptInComment(int from, int to) {
            boolean hasComment = false;
            for (int at = find('<', from); at < to; at = find('<', at + 1)) {
                hasComment |= isAt("<!--", at);
                if (hasComment && isAt("<script", at)) {
                    return true;
                }
            }
            return false;
        }
    }
}
