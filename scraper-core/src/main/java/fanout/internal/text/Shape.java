package fanout.internal.text;

import java.util.Locale;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;

/** What an element makes of the text in it, as browsers do without a style sheet. */
enum Shape {

    /** It has no text: a script, a drawing, the choices of a form. */
    NOTHING,
    /** A part of a line. */
    INLINE,
    /** Lines of its own. */
    BLOCK,
    /** Lines of its own, with a blank line before and after. */
    PARAGRAPH,
    HEADING,
    QUOTE,
    PREFORMATTED,
    BULLETS,
    NUMBERS,
    /** Terms and what they mean. */
    TERMS,
    TERM,
    MEANING,
    ITEM,
    TABLE,
    ROW,
    CELL,
    LINE_BREAK,
    RULE;

    static Shape of(Element element) {
        String namespace = element.tag().namespace();
        if (namespace.equals(Parser.NamespaceSvg)) {
            return NOTHING;
        }
        return switch (element.normalName()) {
            case "head", "script", "style", "template", "noscript", "iframe", "frameset", "object", "embed", "applet",
                    "canvas", "audio", "video", "svg", "button", "input", "select", "textarea", "datalist", "meter",
                    "progress", "dialog", "rp" -> NOTHING;
            case "p", "dir", "fieldset" -> PARAGRAPH;
            case "address", "article", "aside", "body", "center", "details", "div", "figcaption", "figure", "footer",
                    "form", "header", "hgroup", "html", "legend", "main", "nav", "search", "section", "summary",
                    "caption", "option", "optgroup" -> BLOCK;
            case "h1", "h2", "h3", "h4", "h5", "h6" -> HEADING;
            case "blockquote" -> QUOTE;
            case "pre", "listing", "xmp", "plaintext" -> PREFORMATTED;
            case "ul", "menu" -> BULLETS;
            case "ol" -> NUMBERS;
            case "dl" -> TERMS;
            case "dt" -> TERM;
            case "dd" -> MEANING;
            case "li" -> ITEM;
            case "table" -> TABLE;
            case "tr" -> ROW;
            case "td", "th" -> CELL;
            case "br" -> LINE_BREAK;
            case "hr" -> RULE;
            default -> INLINE;
        };
    }

    boolean isInline() {
        return this == INLINE || this == LINE_BREAK || this == NOTHING;
    }

    /** Returns whether the page itself says that an element is not shown. */
    static boolean isHidden(Element element) {
        if (element.attributesSize() == 0) {
            return false;
        }
        if (element.hasAttr("hidden") && !element.attr("hidden").equalsIgnoreCase("until-found")) {
            return true;
        }
        String style = element.attr("style");
        return (!style.isEmpty() && style.replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none"))
                || isGutter(element);
    }

    /** Returns whether a cell has the numbers of lines of code. */
    static boolean isGutter(Element element) {
        return element.attributesSize() > 0 && element.normalName().equals("td")
                && (element.hasClass("linenos") || element.hasClass("gutter"));
    }

    /**
     * Returns whether this is the sign behind a heading or a definition that links to it, which browsers show while the
     * mouse is over it.
     */
    static boolean isPermalink(Element element) {
        if (!element.normalName().equals("a") || element.childNodeSize() > 1 || !element.attr("href").startsWith("#")) {
            return false;
        }
        Node only = element.childNodeSize() == 0 ? element : element.childNode(0);
        String sign = only.equals(element) ? "" : only instanceof TextNode text ? text.text().strip() : "?";
        return switch (sign) {
            case "¶", "#", "§", "🔗", "∞" -> true;
            default -> false;
        };
    }

    /** Returns whether a character separates words and is nothing else. */
    static boolean isSpace(char c) {
        return c <= ' ' || (c > '~' && (Character.isSpaceChar(c) || Character.isWhitespace(c)));
    }

    /** Returns whether a character has no width, as soft hyphens and zero-width spaces. */
    static boolean isInvisible(char c) {
        return c == '\u00ad' || c == '\u200b' || c == '\ufeff';
    }
}
