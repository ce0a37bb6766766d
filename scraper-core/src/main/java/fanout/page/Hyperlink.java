package fanout.page;

import fanout.url.CanonicalUrl;
import java.util.Optional;

/**
 * A link of a page as {@code output.links} has it: one for each element that links, whether or not the crawl follows
 * it. Immutable.
 *
 * @param to where it leads
 * @param text the words that a person sees, at most {@value #LONGEST_TEXT} characters of them; empty without words, and
 *     of links that are no elements
 * @param rel as in the page; empty if the element has none
 * @param nofollow whether the link, the page or the response says nofollow, whether or not the job obeys
 * @param inScope whether the job's scope has its target, by host, extension and patterns
 */
public record Hyperlink(
        CanonicalUrl to,
        Optional<String> text,
        Optional<String> rel,
        boolean nofollow,
        boolean inScope) {

    /** Characters of a text, and of a rel, that are kept. */
    public static final int LONGEST_TEXT = 500;

    /** Returns this link, and whether it is in scope. */
    public Hyperlink inScope(boolean value) {
        return new Hyperlink(to, text, rel, nofollow, value);
    }
}
