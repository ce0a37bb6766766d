package fanout.page;

import java.util.Optional;

/** The crawl ended before the URL had its turn, or while it was in flight. */
public record Cancelled(Request request, Trail trail, CancelReason why, Optional<String> detail) implements Outcome {

    @Override
    public String name() {
        return "cancelled";
    }

    @Override
    public Optional<String> reason() {
        return Optional.of(why.label());
    }
}
