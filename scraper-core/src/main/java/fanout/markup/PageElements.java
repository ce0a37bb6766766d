package fanout.markup;

/** What is told of a page's elements, in the order of its document. */
@FunctionalInterface
public interface PageElements {

    /**
     * An element.
     *
     * @param attributes to be asked now: later they are another element's
     */
    void element(LinkElement element, TagAttributes attributes);
}
