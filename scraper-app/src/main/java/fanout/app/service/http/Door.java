package fanout.app.service.http;

import fanout.app.store.TokenRole;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may use a route, and under which name of the host. */
public enum Door {
    /** Anyone, and any Host: what load balancers ask. */
    HEALTH(null, false),
    /** A token of any role, and any Host: what a scraper of metrics asks. */
    METRICS(TokenRole.METRICS, false),
    /** Anyone, under a name of the service: the dashboard's files, and its login. */
    PAGE(null, true),
    /** A token that reads, under a name of the service. */
    READ(TokenRole.READ, true),
    /** A token that runs crawls, under a name of the service. */
    RUN(TokenRole.RUN, true),
    /** A token that administers the service, under a name of it. */
    ADMIN(TokenRole.ADMIN, true);

    private final @Nullable TokenRole leastRole;
    private final boolean hostChecked;

    Door(@Nullable TokenRole leastRole, boolean hostChecked) {
        this.leastRole = leastRole;
        this.hostChecked = hostChecked;
    }

    /** Returns the least role that opens it; empty if anyone may pass. */
    public Optional<TokenRole> leastRole() {
        return Optional.ofNullable(leastRole);
    }

    public boolean isTokenNeeded() {
        return leastRole != null;
    }

    public boolean isHostChecked() {
        return hostChecked;
    }
}
