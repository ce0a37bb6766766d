package fanout.internal.parse;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.markup.PageElements.LinkElement;
import fanout.internal.markup.PageElements.TagAttribute;
import fanout.internal.markup.PageElements.TagAttributes;
import java.util.Optional;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * One walk over a document, which reports the elements that link and finds the title. A switch over tag names instead
 * of selectors, because this runs for every document. Confined to one thread.
 *
 * <p>The content of a {@code template} is a document of its own: nothing in it counts. In a drawing ({@code svg}) and
 * in a formula ({@code math}) only {@code a} links: other elements there are not HTML, whatever their names.
 */
final class PageWalk {

    private static final int ELEMENTS_BETWEEN_CHECKS = 1_024;

    private final PageLinks found;
    private final ParseTime time;
    private @Nullable Element title;
    private int visited;

    public PageWalk(PageLinks found, ParseTime time) {
        this.found = found;
        this.time = time;
    }

    /**
     * Recursive: the parser has bounded the depth.
     *
     * @throws ParseStopped if the thread is interrupted or the deadline has passed
     */
    public void visit(Element element) throws ParseStopped {
        if (visited++ % ELEMENTS_BETWEEN_CHECKS == 0) {
            time.check();
        }
        switch (element.normalName()) {
            case "a" -> tell(LinkElement.A, element);
            case "area" -> tellUnlessForeign(LinkElement.AREA, element);
            case "base" -> tellUnlessForeign(LinkElement.BASE, element);
            case "frame" -> tellUnlessForeign(LinkElement.FRAME, element);
            case "iframe" -> tellUnlessForeign(LinkElement.IFRAME, element);
            case "link" -> tellUnlessForeign(LinkElement.LINK, element);
            case "meta" -> tellUnlessForeign(LinkElement.META, element);
            case "title" -> {
                if (title == null && isTitle(element)) {
                    title = element;
                }
            }
            case "template" -> {
                if (!isForeign(element)) {
                    return;
                }
            }
            default -> {
            }
        }
        int children = element.childNodeSize();
        for (int i = 0; i < children; i++) {
            Node child = element.childNode(i);
            if (child instanceof Element childElement) {
                visit(childElement);
            }
        }
    }

    /** Returns the text of the first title element of HTML that was visited. */
    public Optional<String> title() {
        return Optional.ofNullable(title).map(Element::wholeOwnText);
    }

    /**
     * Returns whether a title is one of HTML. XHTML may lack its namespace; a feed's titles are not those of a page.
     */
    private static boolean isTitle(Element element) {
        String namespace = element.tag().namespace();
        return namespace.equals(Parser.NamespaceHtml)
                || (namespace.equals(Parser.NamespaceXml) && isHtml(element.ownerDocument()));
    }

    private static boolean isHtml(@Nullable Document document) {
        Element root = document == null ? null : document.firstElementChild();
        return root != null && root.normalName().equals("html");
    }

    private static boolean isForeign(Element element) {
        String namespace = element.tag().namespace();
        return namespace.equals(Parser.NamespaceSvg) || namespace.equals(Parser.NamespaceMathml);
    }

    private void tellUnlessForeign(LinkElement kind, Element element) {
        if (!isForeign(element)) {
            tell(kind, element);
        }
    }

    private void tell(LinkElement kind, Element element) {
        found.element(kind, new OfElement(element));
    }

    private record OfElement(Element element) implements TagAttributes {
        @Override
        public String value(TagAttribute attribute) {
            return element.attr(attribute.key());
        }

        @Override
        public boolean has(TagAttribute attribute) {
            return element.hasAttr(attribute.key());
        }

        @Override
        public String words() {
            return LinkWords.of(element);
        }
    }
}
