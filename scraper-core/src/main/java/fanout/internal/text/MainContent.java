package fanout.internal.text;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * Finds the main content of a page: what is left of it without navigation, headers, footers and the like.
 *
 * <p>If the page says which element it is ({@code main}, or {@code role=main}), it is that one. Otherwise it is the
 * deepest element that has nearly all of the page's text, where text in links counts little, and that which is in parts
 * named as navigation not at all. A part that holds more text than all of the others is not navigation, whatever its
 * name. In both cases such parts are left out of the content.
 *
 * <p>Walks over the tree, which keep nothing but exceptions. Confined to one thread.
 */
public final class MainContent {

    /** The part of the page's text that the content has. */
    private static final double NEARLY_ALL = 0.96;
    /** Text that is in no link, compared with text in one. */
    private static final int PLAIN = 5;

    private static final Pattern PARTS_OF_NAMES = Pattern.compile("(?<=[a-z])(?=[A-Z])|[^A-Za-z]+");

    /**
     * What sites call the parts of a page that are not its content. Compared with each word of a class, and
     * with an id, which a heading of the content may have given.
     */
    private static final Set<String> NAMES = Set.of("nav", "navbar", "navigation", "navheader", "navfooter", "menu",
            "menubar", "submenu", "searchmenu", "sidebar", "sidebars", "sphinxsidebar", "sidenav", "topnav", "subnav",
            "breadcrumb", "breadcrumbs", "footer", "masthead", "related", "share", "sharing", "social", "cookie",
            "cookies", "consent", "comments", "disqus", "advert", "advertisement", "ads", "sponsor", "promo",
            "newsletter", "subscribe", "pagination", "pager", "skip", "skiplink", "banner", "toolbar", "topbar",
            "tagcloud", "popup", "modal", "nosearch", "editsection",
            "mobileheader", "searchbox", "searchform");

    private static final Pattern CONTENTS =
            Pattern.compile("(?<![a-z])(?:toc|table[-_]?of[-_]?contents)(?![a-z])", Pattern.CASE_INSENSITIVE);

    private static final Set<String> ROLES = Set.of("navigation", "banner", "contentinfo", "search", "menu",
            "menubar", "toolbar", "dialog", "alertdialog", "complementary");

    private final Set<Element> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    private final TextView view;
    private final Element body;
    private @Nullable Element declared;
    private boolean isDeclaredTwice;
    private Element content;
    private @Nullable Element title;
    private int titles;
    private long enough;

    /** What is in an element: characters, and those of them that are in links. */
    private record Amount(long characters, long inLinks) {

        private static final Amount NONE = new Amount(0, 0);

        private Amount plus(Amount other) {
            return new Amount(characters + other.characters, inLinks + other.inLinks);
        }

        private long plain() {
            return characters - inLinks;
        }

        private long weight() {
            return PLAIN * plain() + inLinks;
        }
    }

    private MainContent(Element page, TextView view) {
        this.view = view;
        this.body = body(page);
        this.content = body;
    }

    /**
     * Finds it.
     *
     * @throws java.io.UncheckedIOException of a {@link fanout.internal.limit.ParseStopped}, if the parse is to end
     */
    public static MainContent of(Element page, TextView view) {
        MainContent found = new MainContent(page, view);
        found.find();
        return found;
    }

    /** The element that has it, with parts that do not belong to it. */
    public Element element() {
        return content;
    }

    /** Returns a view of it, without the parts that do not belong to it. */
    public TextView in(TextView page) {
        return page.without(this::isAside);
    }

    /** A page that is not HTML is its own body. */
    private static Element body(Element page) {
        Element html = page.firstElementChild();
        for (Element part = html == null ? null : html.firstElementChild(); part != null;) {
            if (part.normalName().equals("body")) {
                return part;
            }
            part = part.nextElementSibling();
        }
        return page;
    }

    private void find() {
        Amount whole = keep(body, new Amount(Long.MAX_VALUE, 0));
        kept.clear();
        Amount all = keep(body, whole);
        Element main = declared;
        if (main != null && !isDeclaredTwice) {
            content = main;
            return;
        }
        enough = (long) Math.ceil(all.weight() * NEARLY_ALL);
        deepest(body, false);
        includeHeading();
    }

    /**
     * Counts what is in an element, without what is beside the content.
     *
     * @param whole of the page; what has more is kept, whatever it is called
     */
    private Amount keep(Element element, Amount whole) {
        TextView.spend(0);
        if (isMain(element)) {
            isDeclaredTwice |= declared != null && !declared.equals(element);
            declared = element;
        }
        Amount sum = Amount.NONE;
        boolean isLink = element.normalName().equals("a");
        int count = element.childNodeSize();
        for (int i = 0; i < count; i++) {
            Node child = element.childNode(i);
            if (child instanceof TextNode text) {
                long length = charactersOf(text);
                sum = sum.plus(new Amount(length, isLink ? length : 0));
            } else if (child instanceof Element inner && !view.passesOver(inner, Shape.of(inner))) {
                Amount its = keep(inner, whole);
                if (!isNamedAside(inner)) {
                    sum = sum.plus(isLink ? new Amount(its.characters, its.characters) : its);
                } else if (its.plain() > whole.characters) {
                    kept.add(inner);
                    sum = sum.plus(its);
                }
            }
        }
        return sum;
    }

    private static boolean isMain(Element element) {
        return element.normalName().equals("main")
                || (element.attributesSize() > 0 && element.attr("role").equalsIgnoreCase("main"));
    }

    private static long charactersOf(TextNode text) {
        String whole = text.getWholeText();
        TextView.spend(whole.length());
        long count = 0;
        for (int i = 0; i < whole.length(); i++) {
            count += Shape.isSpace(whole.charAt(i)) ? 0 : 1;
        }
        return count;
    }

    /** Remembers the first element in which all of its parts have ended and that has enough. */
    private long deepest(Element element, boolean inLink) {
        long characters = 0;
        long inLinks = 0;
        boolean isFound = !content.equals(body);
        long sum = 0;
        boolean isLink = inLink || element.normalName().equals("a");
        int count = element.childNodeSize();
        for (int i = 0; i < count && !isFound; i++) {
            Node child = element.childNode(i);
            TextView.spend(0);
            if (child instanceof TextNode text) {
                long length = charactersOf(text);
                characters += length;
                inLinks += isLink ? length : 0;
            } else if (child instanceof Element inner && !view.passesOver(inner, Shape.of(inner)) && !isAside(inner)) {
                long weight = deepest(inner, isLink);
                isFound = !content.equals(body);
                sum += weight;
            }
        }
        long weight = sum + new Amount(characters, inLinks).weight();
        if (!isFound && !element.equals(body) && weight >= enough && enough > 0 && isSection(element)) {
            content = element;
        }
        return weight;
    }

    /**
     * What has nearly all of a page's text may be below the title, or be a table with its heading above it. The little
     * that is beside these comes with them.
     */
    private void includeHeading() {
        countTitles(body);
        Element heading = titles == 1 ? title : null;
        while (!content.equals(body) && !(heading == null ? hasHeading(content) : holds(content, heading))) {
            Element parent = content.parent();
            if (parent == null) {
                return;
            }
            content = parent;
        }
    }

    /** Looks for headings of the first level; of several, none is the title. */
    private void countTitles(Element element) {
        TextView.spend(0);
        if (element.normalName().equals("h1")) {
            title = element;
            titles++;
        }
        int count = element.childNodeSize();
        for (int i = 0; i < count; i++) {
            if (element.childNode(i) instanceof Element child && !view.passesOver(child, Shape.of(child))
                    && !isAside(child)) {
                countTitles(child);
            }
        }
    }

    private static boolean holds(Element element, Element part) {
        Element around = part;
        while (around != null && !around.equals(element)) {
            TextView.spend(0);
            around = around.parent();
        }
        return around != null;
    }

    private static boolean hasHeading(Element element) {
        int count = element.childNodeSize();
        for (int i = 0; i < count; i++) {
            TextView.spend(0);
            if (element.childNode(i) instanceof Element child
                    && (Shape.of(child) == Shape.HEADING || hasHeading(child))) {
                return true;
            }
        }
        return false;
    }

    /** A paragraph that has nearly all of a page's text is not all of its content: its title is above it. */
    private static boolean isSection(Element element) {
        return switch (Shape.of(element)) {
            case BLOCK -> !element.normalName().equals("form") && !element.normalName().equals("header");
            case CELL -> true;
            default -> false;
        };
    }

    private boolean isAside(Element element) {
        return isNamedAside(element) && !kept.contains(element);
    }

    private static boolean isNamedAside(Element element) {
        switch (element.normalName()) {
            case "nav", "footer", "search" -> {
                return true;
            }
            case "header", "aside" -> {
                if (!isInContent(element)) {
                    return true;
                }
            }
            case "section" -> {
                return isContents(element);
            }
            case "html", "body", "main", "article", "table", "tbody", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5",
                    "h6",
                    "pre", "code", "p", "dt", "dd", "em", "b", "i", "strong", "img" -> {
                return false;
            }
            default -> {}
        }
        if (element.attributesSize() == 0) {
            return false;
        }
        String role = element.attr("role");
        return (!role.isEmpty() && ROLES.contains(role.toLowerCase(Locale.ROOT)))
                || isNamed(element.attr("class"))
                || isContents(element)
                || NAMES.contains(element.attr("id").toLowerCase(Locale.ROOT));
    }

    private static boolean isInContent(Element element) {
        for (Element around = element.parent(); around != null; around = around.parent()) {
            TextView.spend(0);
            if (isMain(around) || around.normalName().equals("article") || around.normalName().equals("section")) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether it lists what is on the page. A link back to such a list has its name, too. */
    private static boolean isContents(Element element) {
        return !Shape.of(element).isInline() && (CONTENTS.matcher(element.attr("id")).find()
                || CONTENTS.matcher(element.attr("class")).find());
    }

    private static boolean isNamed(String names) {
        if (names.isEmpty()) {
            return false;
        }
        TextView.spend(names.length());
        for (String name : PARTS_OF_NAMES.split(names, -1)) {
            if (NAMES.contains(name.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }
}
