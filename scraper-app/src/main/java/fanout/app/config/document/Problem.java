package fanout.app.config.document;

/** A mistake in a document. */
public record Problem(Position at, String message) {

    @Override
    public String toString() {
        return at + ": " + message;
    }
}
