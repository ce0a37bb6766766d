package fanout.markup;

/** The attributes that say where a page links to, and how. */
public enum TagAttribute {
    HREF("href", 0), SRC("src", 1), REL("rel", 2), HTTP_EQUIV("http-equiv", 3), CONTENT("content", 4), NAME("name", 5);

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
