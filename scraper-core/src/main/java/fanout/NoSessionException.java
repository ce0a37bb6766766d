package fanout;

import java.io.Serial;

/** A crawl could not log in, or no page was served after it had. */
final class NoSessionException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    NoSessionException(String why) {
        super(why);
    }
}
