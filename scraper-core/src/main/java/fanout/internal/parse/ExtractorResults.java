package fanout.internal.parse;

import fanout.internal.parse.FoundLink.Target;
import fanout.internal.parse.LinkSelection.LinkCollector;
import fanout.page.Extractor;
import fanout.page.Item;
import fanout.page.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Adds what extractors find in a page to what the job's rules found. Confined to one thread. */
final class ExtractorResults implements Extractor.Results {

    private final Request page;
    private final List<Item> items;
    private final LinkCollector links;
    private final boolean mayFollow;
    /** A request without a body is bounded as every link is. */
    private long room = TemplateRequest.MOST_CHARACTERS;

    ExtractorResults(Request page, List<Item> items, LinkCollector links, boolean mayFollow) {
        this.page = page;
        this.items = items;
        this.links = links;
        this.mayFollow = mayFollow;
    }

    @Override
    public void item(Item item) {
        items.add(Objects.requireNonNull(item));
    }

    @Override
    public void follow(Request request) {
        Map<String, Object> data = new LinkedHashMap<>(page.details().data());
        data.putAll(request.details().data());
        Request.Details own = request.details();
        Request.Details details = new Request.Details(own.method(), own.headers(), own.body(), own.priority(), data,
                own.identity(), own.references());
        room -= details.characters();
        if (room >= 0) {
            links.add(request.url().toString(),
                    new Target(request.label(), Optional.of(details), List.of(), List.of()), mayFollow);
        } else {
            links.drop();
        }
    }
}
