package fanout.parse;

import fanout.outcome.Failure;
import fanout.page.Content;
import fanout.page.Item;
import fanout.page.Link;
import java.util.List;

/** What came of parsing a page. */
public sealed interface ParseResult {

    /**
     * A page that could be read.
     *
     * @param links distinct links to follow: nofollow, over-long and surplus ones are left out, scope is not looked at
     * @param dropped distinct links that were left out for those reasons
     */
    record Parsed(Content content, List<Link> links, int dropped, List<Item> items) implements ParseResult {
        public Parsed {
            links = List.copyOf(links);
            items = List.copyOf(items);
        }
    }

    /** A page that could not: a deadline passed, the markup defeated the parser, or an extractor threw. */
    record Unparsed(Failure failure) implements ParseResult {}
}
