package fanout.outcome;

import fanout.page.Content;
import fanout.page.Hyperlink;
import fanout.page.Item;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A 2xx response, read and parsed if its type is one that the job parses.
 *
 * @param links of the page; empty unless the job keeps them
 * @param duplicateOf the URL of the first page of the crawl that had the same content, byte by byte; empty if this is
 *     it, or was not read
 */
public record Fetched(
        Request request,
        Trail trail,
        Content content,
        List<Item> items,
        List<Hyperlink> links,
        Optional<CanonicalUrl> duplicateOf) implements Outcome {

    /** The outcome's name. */
    public static final String NAME = "ok";

    public Fetched {
        items = List.copyOf(items);
        links = List.copyOf(links);
        Objects.requireNonNull(duplicateOf);
    }

    /** A response whose content is new to the crawl. */
    public Fetched(Request request, Trail trail, Content content, List<Item> items, List<Hyperlink> links) {
        this(request, trail, content, items, links, Optional.empty());
    }

    /** A response whose content is new to the crawl, without links that are kept. */
    public Fetched(Request request, Trail trail, Content content, List<Item> items) {
        this(request, trail, content, items, List.of());
    }

    /** Returns this outcome with other links. */
    public Fetched with(List<Hyperlink> others) {
        return new Fetched(request, trail, content, items, others, duplicateOf);
    }

    /** Returns this outcome as that of a page whose content an earlier page had. */
    public Fetched duplicating(CanonicalUrl first) {
        return new Fetched(request, trail, content, items, links, Optional.of(first));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Reason> reason() {
        return Optional.empty();
    }

    @Override
    public Optional<String> detail() {
        return Optional.empty();
    }
}
