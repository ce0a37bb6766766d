package fanout.outcome;

import fanout.page.Content;
import fanout.page.Item;
import fanout.page.Request;
import fanout.page.Trail;
import java.util.List;
import java.util.Optional;

/** A 2xx response, read and parsed if its type is one that the job parses. */
public record Fetched(Request request, Trail trail, Content content, List<Item> items) implements Outcome {

    /** The outcome's name. */
    public static final String NAME = "ok";

    public Fetched {
        items = List.copyOf(items);
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
