package fanout.app.service.access;

import fanout.app.service.http.Caller;
import fanout.app.service.http.Client;
import fanout.app.service.http.Door;
import fanout.app.service.http.Guard;
import fanout.app.service.http.Problem;
import fanout.app.service.http.RefusedException;
import fanout.app.service.http.Reply;
import fanout.app.service.http.ServiceRequest;
import fanout.app.store.TokenRole;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Lets a request pass if it names the service, does not come from a page of another site, and shows a token, or the
 * cookie of a login with one, whose role its route needs. A service on loopback that has no token asks for none.
 *
 * <p>Thread-safe.
 */
public final class ServiceGuard implements Guard {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceGuard.class);
    private static final String COOKIE = "scraper_session";
    private static final String BEARER = "Bearer ";

    private final Tokens tokens;
    private final ServiceHostNames names;
    private final Sessions sessions = new Sessions(System::nanoTime);
    private final Attempts attempts;
    /** Waited for by those who must wait. */
    private final CountDownLatch never = new CountDownLatch(1);

    public ServiceGuard(Tokens tokens, ServiceHostNames names) {
        this(tokens, names, new Attempts(10, Duration.ofSeconds(10), System::nanoTime));
    }

    /** @param attempts bounds logins */
    ServiceGuard(Tokens tokens, ServiceHostNames names, Attempts attempts) {
        this.tokens = tokens;
        this.names = names;
        this.attempts = attempts;
    }

    /** A header decides alone. */
    @Override
    public Optional<Caller> caller(ServiceRequest request) {
        if (!request.door().isTokenNeeded()) {
            return Optional.empty();
        }
        return tokens.anyone()
                .or(() -> request.header("Authorization").isPresent()
                        ? bearer(request).flatMap(tokens::caller)
                        : request.cookie(COOKIE).flatMap(sessions::caller));
    }

    @Override
    public void check(ServiceRequest request, Optional<Caller> caller) throws RefusedException {
        Door door = request.door();
        if (door.isHostChecked()) {
            checkHost(request);
            if (door != Door.PAGE || !isReading(request)) {
                checkOrigin(request);
            }
        }
        if (door.leastRole().isPresent()) {
            checkRole(door.leastRole().get(), valid(request, caller));
        }
    }

    private static Caller valid(ServiceRequest request, Optional<Caller> caller) throws RefusedException {
        if (caller.filter(Caller::isValid).isPresent()) {
            return caller.get();
        }
        boolean isGiven = bearer(request).isPresent();
        String name = caller.flatMap(Caller::token).orElse("");
        String why = name.isEmpty()
                ? isGiven ? "the token in the Authorization header is not the service's"
                        : "the API token is needed, as Authorization: Bearer TOKEN"
                : "the token \"" + name + "\""
                        + (isGiven ? " has expired" : " of this login has expired or was deleted");
        throw new RefusedException(Problem.of(401, why)
                .with("WWW-Authenticate",
                        "Bearer realm=\"scraper\"" + (isGiven ? ", error=\"invalid_token\"" : "")));
    }

    private void checkRole(TokenRole needed, Caller caller) throws RefusedException {
        if (!caller.role().includes(needed)) {
            throw new RefusedException(403, "the role " + needed.label() + " is needed, and the token \""
                    + caller.token().orElse("") + "\" has the role " + caller.role().label());
        }
        tokens.letIn(caller);
    }

    private static boolean isReading(ServiceRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private void checkHost(ServiceRequest request) throws RefusedException {
        List<String> hosts = request.headers("Host");
        if (hosts.size() != 1) {
            throw new RefusedException(400, "a request has one Host header");
        }
        if (!names.allows(hosts.getFirst())) {
            throw new RefusedException(421, "the service is not known by this name; allowedHosts in its configuration "
                    + "lists its names");
        }
    }

    /** Browsers say where a request comes from; programs say nothing. */
    private static void checkOrigin(ServiceRequest request) throws RefusedException {
        String site = request.header("Sec-Fetch-Site").orElse("none");
        boolean ownPage = site.equals("same-origin") || site.equals("none");
        String host = request.header("Host").orElse("");
        boolean ownOrigin = request.header("Origin")
                .map(origin -> origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host))
                .orElse(true);
        if (!ownPage || !ownOrigin) {
            throw new RefusedException(403, "requests from pages of other sites are refused");
        }
    }

    /** Returns the token that a request gives in a header; empty if it is missing. Source: RFC 6750. */
    private static Optional<String> bearer(ServiceRequest request) {
        return request.header("Authorization")
                .filter(given -> given.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(given -> given.substring(BEARER.length()).strip());
    }

    /**
     * Answers {@code {"token": …}} with a cookie that stands for it, and has its role. A wrong token is answered late,
     * and after ten of them those that come from there are not looked at for a while: tokens are not guessed here.
     * It is logged with its address.
     *
     * <p>Meanwhile the token itself, in a header, opens the API from there, too: no one is locked out by a neighbour.
     */
    public Reply login(ServiceRequest request) throws RefusedException, IOException, InterruptedException {
        JsonNode given = request.object(Set.of("token")).path("token");
        if (!given.isString()) {
            throw new RefusedException(400, "the body must be {\"token\": \"…\"}");
        }
        Optional<Caller> anyone = tokens.anyone();
        Caller caller = anyone.isPresent() ? anyone.get() : login(given.stringValue(), request.client());
        boolean encrypted = request.header("X-Forwarded-Proto").orElse("").equalsIgnoreCase("https");
        return Reply.empty(204)
                .with("Set-Cookie", cookie(sessions.begin(caller), Sessions.LENGTH.toSeconds(), encrypted));
    }

    private Caller login(String given, Client client) throws RefusedException, InterruptedException {
        Optional<Duration> wait = attempts.begin(client.network());
        if (wait.isPresent()) {
            long seconds = wait.get().toSeconds() + 1;
            throw new RefusedException(Problem.of(429, "too many wrong tokens came from " + client.address()
                    + "; log in again in " + seconds + " s").with("Retry-After", String.valueOf(seconds)));
        }
        Optional<Caller> caller = tokens.caller(given);
        if (caller.filter(Caller::isValid).isPresent()) {
            attempts.succeeded(client.network());
            return caller.get();
        }
        LOG.warn("a login from {} had a wrong token", client.address());
        Duration delay = attempts.delay(client.network());
        // an interrupt ends it: of a newcomer, or as the service ends
        never.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        throw new RefusedException(401, caller.isPresent() ? "the token has expired" : "this is not the token");
    }

    /** Says what the caller's token opens. */
    public Reply session(ServiceRequest request) {
        Caller caller = caller(request).orElseThrow(); // it has passed
        Map<String, Object> session = new LinkedHashMap<>();
        session.put("token", caller.token().orElse(null));
        session.put("role", caller.role().label());
        return Reply.json(200, session);
    }

    /** Ends the session of the request's cookie. */
    public Reply logout(ServiceRequest request) {
        request.cookie(COOKIE).ifPresent(sessions::end);
        return Reply.empty(204).with("Set-Cookie", cookie("", 0, false));
    }

    private static String cookie(String value, long seconds, boolean secure) {
        return COOKIE + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "");
    }
}
