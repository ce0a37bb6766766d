package fanout.link;

import fanout.limit.ParseStopped;
import fanout.limit.ParseTime;
import fanout.markup.LinkElement;
import fanout.markup.TagAttribute;
import fanout.markup.TagAttributes;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;

/**
 * One walk over a document, which tells the elements that link. A switch over tag names instead of selectors, because this
 * runs for every document. Confined to one thread.
 */
public final class PageWalk {

    private static final int ELEMENTS_BETWEEN_CHECKS = 1_024;

    private final PageLinks found;
    private final ParseTime time;
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
            case "area" -> tell(LinkElement.AREA, element);
            case "base" -> tell(LinkElement.BASE, element);
            case "frame" -> tell(LinkElement.FRAME, element);
            case "iframe" -> tell(LinkElement.IFRAME, element);
            case "link" -> tell(LinkElement.LINK, element);
            case "meta" -> tell(LinkElement.META, element);
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
    }
}
