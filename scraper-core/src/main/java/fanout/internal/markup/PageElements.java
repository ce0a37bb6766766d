package fanout.internal.markup;

/** What is told of a page's elements, in the order of its document. */
@FunctionalInterface
public interface PageElements {

    /**
     * An element.
     *
     * @param attributes to be asked now: later they are another element's
     */
    void element(LinkElement element, TagAttributes attributes);

    /** The elements that say where a page links to, and how. */
    public enum LinkElement {
        A, AREA, BASE, FRAME, IFRAME, LINK, META
    }

    /** The attributes of one start tag. They may be asked for while the tag is looked at, and not later. */
    public interface TagAttributes {

        /**
         * The value, with character references resolved; empty if it is missing. Of two attributes of one name the
         * first counts.
         */
        String value(TagAttribute attribute);

        boolean has(TagAttribute attribute);

        /** The words of the element, as a person sees them; empty where only its start tag is known. */
        default String words() {
            return "";
        }
    }

    /** The attributes that say where a page links to, and how. */
    public enum TagAttribute {
        HREF("href", 0), SRC("src", 1), REL("rel", 2), HTTP_EQUIV("http-equiv", 3), CONTENT("content", 4),
        NAME("name", 5);

        private final String key;
        private final int place;

        TagAttribute(String key, int place) {
            this.key = key;
            this.place = place;
        }

        /** Its place in a table of all. */
        int place() {
            return place;
        }

        /** Its name in lower case. */
        public String key() {
            return key;
        }
    }
}
