package fanout.item;

import fanout.limit.ParseStopped;
import fanout.limit.ParseTime;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.CombiningEvaluator;
import org.jsoup.select.Evaluator;
import org.jsoup.select.Selector.SelectorParseException;

/**
 * How selectors end in time. jsoup asks a compiled selector about one element after another, so that one that is watched
 * ends between two elements. What it does for a single element cannot be stopped, nor can an XPath: where that may take
 * time that grows faster than the page, the page must be of a limited size.
 */
final class SelectorLimits {

    /**
     * Elements, texts and comments. On so many, work that grows with the square takes some seconds; a selector that nests more
     * than that, such as a {@code :has} in a {@code :has} in a {@code :has}, takes what its author asked for.
     */
    static final int MOST_NODES = 20_000;

    /** What looks at many other nodes to decide on one; each occurrence may multiply the time. */
    private static final Pattern COSTLY = Pattern.compile("~(?!=)|:has\\(|:only-child|-of-type|:contains|:matches");

    private SelectorLimits() {}

    /** The same selector, but it fails with a {@link ParseStopped} inside once the parse is to end. */
    static Evaluator watched(Evaluator evaluator) {
        return new CombiningEvaluator.And(List.of(new Watch(), evaluator));
    }

    /** Whether a single element may take time that grows faster than the page. Commas and quotes are taken for more. */
    static boolean nestsCostlyParts(String css) {
        return COSTLY.matcher(css).results().limit(2).count() == 2;
    }

    /** Fails if there is too much within an element for a selector that cannot be stopped. */
    static void checkSize(Element scope, String expression) {
        if (scope.nodeStream(Node.class).limit(MOST_NODES + 1L).count() > MOST_NODES) {
            throw new SelectorParseException("more than %d nodes are too many for %s", MOST_NODES, expression);
        }
    }

    /** Matches everything. Costs nothing by its own account, so that jsoup asks it first. */
    private static final class Watch extends Evaluator {

        @Override
        public boolean matches(Element root, Element element) {
            try {
                ParseTime.current().check();
            } catch (ParseStopped e) {
                throw new UncheckedIOException(e);
            }
            return true;
        }

        @Override
        protected int cost() {
            return 0;
        }

        @Override
        public String toString() {
            return "";
        }
    }
}
