package fanout.app.reportpage;

/** The outputs of a run cannot be read. The message is for people: it names the file, and the cure. */
public final class UnreadableRunException extends Exception {

    private static final long serialVersionUID = 1;

    UnreadableRunException(String message) {
        super(message);
    }
}
