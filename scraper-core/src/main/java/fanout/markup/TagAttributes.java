package fanout.markup;

/** The attributes of one start tag. They may be asked for while the tag is looked at, and not later. */
public interface TagAttributes {

    /** The value, with character references resolved; empty if there is none. Of two attributes of one name the first counts. */
    String value(TagAttribute attribute);

    boolean has(TagAttribute attribute);
}
