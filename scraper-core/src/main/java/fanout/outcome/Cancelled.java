package fanout.outcome;

import fanout.page.Request;
import fanout.page.Trail;
import java.util.Optional;

/**
 * The crawl ended before the URL had its turn, or while it was in flight.
 *
 * @param stage the stage in which the URL was when the crawl ended
 */
public record Cancelled(Request request, Trail trail, CancelReason why, Stage stage) implements Outcome {

    /** The outcome's name. */
    public static final String NAME = "cancelled";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Reason> reason() {
        return Optional.of(why.reason());
    }

    @Override
    public Optional<String> detail() {
        return Optional.of("in " + stage.label());
    }
}
