package fanout.outcome;

import fanout.page.Request;
import fanout.page.Trail;
import fanout.task.Stage;
import java.util.Optional;

/**
 * The crawl ended before the URL had its turn, or while it was in flight.
 *
 * @param stage what the URL was waiting for, or doing, when the crawl ended
 */
public record Cancelled(Request request, Trail trail, CancelReason why, Stage stage) implements Outcome {

    @Override
    public String name() {
        return "cancelled";
    }

    @Override
    public Optional<String> reason() {
        return Optional.of(why.label());
    }

    @Override
    public Optional<String> detail() {
        return Optional.of("in " + stage.label());
    }
}
