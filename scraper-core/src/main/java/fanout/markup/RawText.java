package fanout.markup;

/**
 * Where text ends in which tags are none: comments, scripts, styles, titles and the like (HTML standard, sections 13.2.5.2 to
 * 13.2.5.54). Confined to one thread.
 */
final class RawText {

    private final byte[] page;
    private final int end;

    RawText(byte[] page, int end) {
        this.page = page;
        this.end = end;
    }

    /** The first place of an ASCII character from some place on; the page's end if there is none. */
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

    /** The end tag that ends the text of an element; the page's end if there is none. */
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
