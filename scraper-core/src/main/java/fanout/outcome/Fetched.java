package fanout.outcome;

import fanout.page.Content;
import fanout.page.Hyperlink;
import fanout.page.Item;
import fanout.page.Request;
import fanout.page.Trail;
import java.util.List;
import java.util.Optional;

/**
 * A 2xx response, read and parsed if its type is one that the job parses.
 *
 * @param links of the page; empty unless the job keeps them
 */
public record Fetched(Request request, Trail trail, Content content, List<Item> items, List<Hyperlink> links)
        implements
        Outcome {

    /** The outcome's name. */
    public static final String NAME = "ok";

    public Fetched {
        items = List.copyOf(items);
        links = List.copyOf(links);
    }

    /** A response without links that are kept. */
    public Fetched(Request request, Trail trail, Content content, List<Item> items) {
        this(request, trail, content, items, List.of());
    }

    /** Returns this outcome with other links. */
    public Fetched with(List<Hyperlink> others) {
        return new Fetched(request, trail, content, items, others);
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
