package fanout.internal.markup;

import fanout.internal.markup.PageElements.LinkElement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The elements that tree construction treats in a way of their own. All others are alike. */
enum Element {
    A(Role.FORMATTING), B(Role.FORMATTING), BIG(Role.FORMATTING), CODE(Role.FORMATTING), EM(Role.FORMATTING),
    FONT(Role.FORMATTING), I(Role.FORMATTING), NOBR(Role.FORMATTING), S(Role.FORMATTING), SMALL(Role.FORMATTING),
    STRIKE(Role.FORMATTING), STRONG(Role.FORMATTING), TT(Role.FORMATTING), U(Role.FORMATTING),

    AREA(Role.EMPTY), BASE(Role.EMPTY), BASEFONT(Role.EMPTY), BGSOUND(Role.EMPTY), BR(Role.EMPTY), EMBED(Role.EMPTY),
    HR(Role.EMPTY), IMG(Role.EMPTY), INPUT(Role.EMPTY), KEYGEN(Role.EMPTY), LINK(Role.EMPTY), META(Role.EMPTY),
    PARAM(Role.EMPTY), SOURCE(Role.EMPTY), TRACK(Role.EMPTY), WBR(Role.EMPTY),

    ADDRESS(Role.BLOCK), ARTICLE(Role.BLOCK), ASIDE(Role.BLOCK), BLOCKQUOTE(Role.BLOCK), BUTTON(Role.BLOCK),
    CENTER(Role.BLOCK), DETAILS(Role.BLOCK), DIALOG(Role.BLOCK), DIR(Role.BLOCK), DIV(Role.BLOCK), DL(Role.BLOCK),
    FIELDSET(Role.BLOCK), FIGCAPTION(Role.BLOCK), FIGURE(Role.BLOCK), FOOTER(Role.BLOCK), H1(Role.BLOCK),
    H2(Role.BLOCK),
    H3(Role.BLOCK), H4(Role.BLOCK), H5(Role.BLOCK), H6(Role.BLOCK), HEADER(Role.BLOCK), HGROUP(Role.BLOCK),
    LISTING(Role.BLOCK), MAIN(Role.BLOCK), MENU(Role.BLOCK), NAV(Role.BLOCK), OL(Role.BLOCK), PRE(Role.BLOCK),
    SEARCH(Role.BLOCK), SECTION(Role.BLOCK), SELECT(Role.BLOCK), SUMMARY(Role.BLOCK), UL(Role.BLOCK),

    DD(Role.IMPLIED_END), DT(Role.IMPLIED_END), FORM(Role.IMPLIED_END), LI(Role.IMPLIED_END),
    OPTGROUP(Role.IMPLIED_END),
    OPTION(Role.IMPLIED_END), P(Role.IMPLIED_END), RB(Role.IMPLIED_END), RP(Role.IMPLIED_END), RT(Role.IMPLIED_END),
    RTC(Role.IMPLIED_END),

    IFRAME(Role.TEXT), NOEMBED(Role.TEXT), NOFRAMES(Role.TEXT), SCRIPT(Role.TEXT), STYLE(Role.TEXT),
    TEXTAREA(Role.TEXT),
    TITLE(Role.TEXT), XMP(Role.TEXT),

    CAPTION(Role.TABLE_PART), COL(Role.TABLE_PART), COLGROUP(Role.TABLE_PART), TBODY(Role.TABLE_PART),
    TD(Role.TABLE_PART), TFOOT(Role.TABLE_PART), TH(Role.TABLE_PART), THEAD(Role.TABLE_PART), TR(Role.TABLE_PART),

    APPLET(Role.OTHER), MARQUEE(Role.OTHER), OBJECT(Role.OTHER),

    BODY(Role.OTHER), FRAME(Role.OTHER), FRAMESET(Role.OTHER), HEAD(Role.OTHER), HTML(Role.OTHER), MATH(Role.OTHER),
    NAME(Role.OTHER), NOSCRIPT(Role.OTHER), OTHER(Role.OTHER), PLAINTEXT(Role.OTHER), SVG(Role.OTHER),
    TABLE(Role.OTHER),
    TEMPLATE(Role.OTHER);

    /** What tree construction does with it. */
    enum Role {
        /** It is opened again where a block has ended it. */
        FORMATTING,
        /** It has no end tag and nothing in it. */
        EMPTY,
        /** Its end tag ends what is open within. */
        BLOCK,
        /** It ends without an end tag where a block around it ends. */
        IMPLIED_END,
        /** It has text in it up to its end tag, and no elements. */
        TEXT, TABLE_PART, OTHER
    }

    private static final int SLOTS = 512;
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
    private static final long[] NAMES = new long[SLOTS];
    private static final Element[] ELEMENTS = new Element[SLOTS];

    static {
        for (Element element : values()) {
            int slot = slot(TagName.of(element.tag));
            while (NAMES[slot] != 0) {
                slot = (slot + 1) % SLOTS;
            }
            NAMES[slot] = TagName.of(element.tag);
            ELEMENTS[slot] = element;
        }
    }

    private final Role role;
    private final String tag;
    private final @Nullable LinkElement link;

    Element(Role role) {
        this.role = role;
        this.tag = name().toLowerCase(Locale.ROOT);
        this.link = switch (name()) {
            case "A" -> LinkElement.A;
            case "AREA" -> LinkElement.AREA;
            case "BASE" -> LinkElement.BASE;
            case "FRAME" -> LinkElement.FRAME;
            case "IFRAME" -> LinkElement.IFRAME;
            case "LINK" -> LinkElement.LINK;
            case "META" -> LinkElement.META;
            default -> null;
        };
    }

    /** The element of a {@link TagName}. */
    static Element of(long name) {
        for (int slot = slot(name); NAMES[slot] != 0; slot = (slot + 1) % SLOTS) {
            if (NAMES[slot] == name) {
                return ELEMENTS[slot];
            }
        }
        return OTHER;
    }

    private static int slot(long name) {
        return (int) ((name * SPREAD) >>> 55);
    }

    /** Whether formatting within it stays within: tree construction sets a marker in its list. */
    boolean keepsFormatting() {
        return this == APPLET || this == MARQUEE || this == OBJECT;
    }

    Role role() {
        return role;
    }

    /** What it is as an element that links; null if it does not link. */
    @Nullable
    LinkElement link() {
        return link;
    }

    /** Its name in lower case. */
    String tag() {
        return tag;
    }

    /**
     * The name of a tag in one long, because each tag of each page is looked at. Up to ten letters, digits and hyphens
     * are packed, six bits each, whatever their case; these are positive and no two are the same. All other names are
     * hashed, and negative.
     */
    static final class TagName {

        private static final int BITS = 6;
        private static final long FULL = 1L << 54;
        private static final long HASH = 0x9E37_79B9_7F4A_7C15L;
        private static final byte[] CODES = new byte[128];

        static {
            String letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
            for (int i = 0; i < letters.length(); i++) {
                CODES[letters.charAt(i)] = (byte) (i + 1);
                CODES[Character.toUpperCase(letters.charAt(i))] = (byte) (i + 1);
            }
        }

        private TagName() {}

        static long of(String name) {
            long packed = 0;
            for (int i = 0; i < name.length(); i++) {
                packed = append(packed, (byte) name.charAt(i));
            }
            return packed;
        }

        /** The name with one more byte. */
        static long append(long name, byte c) {
            int code = c >= 0 ? CODES[c] : 0;
            if (name >= 0 && name < FULL && code > 0) {
                return name << BITS | code;
            }
            int lower = c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
            return (Long.rotateLeft(name, 5) ^ lower) * HASH | Long.MIN_VALUE;
        }
    }
}
