package fanout.journal;

import java.io.IOException;

/** A group does not say what a group may say. */
sealed class DamageException extends IOException permits Head.OtherVersionException {

    private static final long serialVersionUID = 1;

    DamageException(String message) {
        super(message);
    }

    DamageException(String message, Throwable cause) {
        super(message, cause);
    }
}
