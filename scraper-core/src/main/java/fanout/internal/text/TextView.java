package fanout.internal.text;

import fanout.internal.limit.ParseTime;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/**
 * How elements are read as text. Confined to the thread that parses the page.
 *
 * @param isLeftOut whether an element is passed over, with all that is in it
 * @param links makes a link absolute; empty if it is none that can be followed
 * @param memory is told how many characters a text has come to, again and again, and throws if these are too many
 */
public record TextView(
        Predicate<Element> isLeftOut,
        Function<String, Optional<String>> links,
        IntConsumer memory) {

    /** Work of so many characters is about as much as to look at a node. */
    private static final int CHARACTERS_OF_A_STEP = 16;
    /** Pages that people write have at most some dozens. A level takes up to 2 KB of a stack of 1 MB. */
    static final int MOST_LEVELS = 192;

    /** Returns this view without these elements. */
    public TextView without(Predicate<Element> others) {
        return new TextView(isLeftOut.or(others), links, memory);
    }

    /** Returns whether nothing of this element is read. */
    boolean passesOver(Element element, Shape shape) {
        return shape == Shape.NOTHING || Shape.isHidden(element) || isLeftOut.test(element);
    }

    /** Gives the texts of an element, one after the other, without recursion: only words are left of its blocks. */
    void texts(Element element, Consumer<String> words) {
        element.filter((node, _) -> {
            spend(0);
            if (node instanceof TextNode text) {
                words.accept(text.getWholeText());
            } else if (node instanceof Element inner && !inner.equals(element)) {
                Shape shape = Shape.of(inner);
                if (passesOver(inner, shape)) {
                    return NodeFilter.FilterResult.SKIP_ENTIRELY;
                }
                if (shape != Shape.INLINE) {
                    words.accept(" ");
                }
            }
            return NodeFilter.FilterResult.CONTINUE;
        });
    }

    /**
     * Counts the work on so many characters.
     *
     * @throws java.io.UncheckedIOException of a {@link fanout.internal.limit.ParseStopped}, if the parse is to end
     */
    static void spend(int characters) {
        ParseTime.current().spend(1 + characters / CHARACTERS_OF_A_STEP);
    }

    /** Returns what makes links absolute, with their fragments; {@code base} resolves what is before these. */
    public static Function<String, Optional<String>> absolute(Function<String, Optional<String>> base) {
        return href -> {
            String link = href.strip();
            if (link.regionMatches(true, 0, "mailto:", 0, 7) || link.regionMatches(true, 0, "tel:", 0, 4)) {
                return Optional.of(link);
            }
            int fragment = link.indexOf('#');
            return base.apply(link).map(url -> fragment < 0 ? url : url + link.substring(fragment));
        };
    }
}
