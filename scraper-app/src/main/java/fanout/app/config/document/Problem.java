package fanout.app.config.document;

/** Something wrong with a document. */
public record Problem(Position at, String message) {

    @Override
    public String toString() {
        return at + ": " + message;
    }
}
