package fanout.internal.markup;

import fanout.internal.markup.Element.TagName;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * A drawing ({@code svg}) that is nothing but a drawing: shapes, their definitions and titles, each end tag that of the
 * element which is open. All else in it may end it, or is markup of the page again. Confined to one thread.
 */
final class OpenDrawing {

    private static final int MOST = 32;
    private static final long SVG = TagName.of("svg");
    private static final long[] TEXTS = sorted("title", "desc");
    private static final long[] SHAPES = sorted("animate", "animatetransform", "circle", "clippath", "defs", "ellipse",
            "feblend", "fecolormatrix", "fecomposite", "feflood", "fegaussianblur", "femerge", "femergenode",
            "feoffset",
            "filter", "g", "image", "line", "lineargradient", "marker", "mask", "path", "pattern", "polygon",
            "polyline", "radialgradient", "rect", "stop", "style", "symbol", "text", "textpath", "tspan", "use",
            "title",
            "desc");

    private final long[] names = new long[MOST];
    private int depth;

    private static long[] sorted(String... names) {
        return Stream.of(names).mapToLong(TagName::of).sorted().toArray();
    }

    boolean isOpen() {
        return depth > 0;
    }

    void open() {
        names[0] = SVG;
        depth = 1;
    }

    /** An element in the drawing begins; false if it makes more of it than a drawing. */
    boolean start(Tag tag) {
        if (isText() || depth == MOST || Arrays.binarySearch(SHAPES, tag.name()) < 0) {
            return false;
        }
        if (!tag.closesItself()) {
            names[depth++] = tag.name();
        }
        return true;
    }

    /** An element ends, or the drawing; false if another one was to end first. */
    boolean end(Tag tag) {
        if (names[depth - 1] != tag.name()) {
            return false;
        }
        depth--;
        return true;
    }

    private boolean isText() {
        return Arrays.binarySearch(TEXTS, names[depth - 1]) >= 0;
    }
}
