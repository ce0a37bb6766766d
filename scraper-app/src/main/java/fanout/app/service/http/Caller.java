package fanout.app.service.http;

import fanout.app.store.TokenRole;
import java.util.Optional;

/** Who makes a request, by the token or the login that it shows. Thread-safe. */
public interface Caller {

    /** Returns the name of the token; empty if the service needs none. */
    Optional<String> token();

    /** Returns what the token opens. */
    TokenRole role();

    /** Whether it opens anything still: the token has not been deleted and has not expired. */
    boolean isValid();
}
