package fanout.app.cli;

import fanout.app.run.ExitCode;
import fanout.app.store.TokenRole;
import java.io.Serial;
import java.util.List;
import java.util.Optional;

/** The tokens of a place. */
interface TokenAccess extends AutoCloseable {

    /** Creates one, and returns it. */
    String create(String name, TokenRole role, Optional<String> expiresIn, Optional<String> expiresAt)
            throws RefusedTokenException;

    List<Listed> list() throws RefusedTokenException;

    void delete(String name) throws RefusedTokenException;

    @Override
    default void close() throws RefusedTokenException {}

    /** A token as it is listed; times as they are shown. */
    record Listed(
            String name,
            String role,
            String createdAt,
            Optional<String> expiresAt,
            boolean expired,
            Optional<String> lastUsedAt) {}

    /** The tokens cannot be had, or what is wanted is refused. */
    final class RefusedTokenException extends Exception {

        @Serial
        private static final long serialVersionUID = 1;

        private final ExitCode code;

        RefusedTokenException(ExitCode code, String message) {
            super(message, null, false, false); // for people, and no fault of the program
            this.code = code;
        }

        ExitCode code() {
            return code;
        }
    }
}
