package fanout.app.service.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.service.http.Caller;
import fanout.app.store.StoredToken;
import fanout.app.store.StoredTokens;
import fanout.app.store.TokenRole;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that open a service: the one of its environment or configuration, and those of its data folder.
 *
 * <p>A token of the folder is {@value #PREFIX} and 256 random bits. Only its SHA-256 is kept: what is random cannot be
 * found by trying words, so nothing slower and no salt is needed. A token that is shown is compared with all hashes,
 * and with each of them in constant time.
 *
 * <p>Thread-safe. Requests read a list that is never changed; who creates or deletes a token puts another in its place,
 * under a lock that is held while a local file is written, because the list and the file must agree.
 */
public final class Tokens {

    /** What a token of the folder begins with, so that scanners of source code and logs recognize it. */
    static final String PREFIX = "fsc_";
    private static final int MOST = 100;
    private static final int RANDOM_BYTES = 32;
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    private final Optional<Configured> configured;
    private final StoredTokens stored;
    private final boolean isLoopback;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    /** Written under the lock. */
    private volatile List<Named> named;

    /** @param clock by which tokens expire */
    Tokens(Optional<ApiToken> configured, StoredTokens stored, boolean isLoopback, InstantSource clock)
            throws IOException {
        this.configured = configured.map(Configured::new);
        this.stored = stored;
        this.isLoopback = isLoopback;
        this.clock = clock;
        this.named = stored.all().stream().map(token -> new Named(token, clock)).toList();
    }

    /**
     * Those of a service.
     *
     * @param isLoopback whether it listens on a loopback address, where it may do without any
     * @throws IOException if those of the folder cannot be read
     */
    public static Tokens of(Optional<ApiToken> configured, StoredTokens stored, boolean isLoopback)
            throws IOException {
        return new Tokens(configured, stored, isLoopback, InstantSource.system());
    }

    /** Those of a folder that no service uses. */
    public static Tokens ofFolder(StoredTokens stored) throws IOException {
        return of(Optional.empty(), stored, true);
    }

    /** The token of the environment or the configuration. */
    private record Configured(ApiToken secret) implements Caller {

        @Override
        public Optional<String> token() {
            return Optional.of(ApiToken.NAME);
        }

        @Override
        public TokenRole role() {
            return TokenRole.ADMIN;
        }

        @Override
        public boolean isValid() {
            return true;
        }
    }

    /** A token of the folder. */
    private static final class Named implements Caller {

        private final StoredToken row;
        private final SecretHash hash;
        private final InstantSource clock;
        private final AtomicReference<Optional<Instant>> usedAt;
        private volatile boolean deleted;

        private Named(StoredToken row, InstantSource clock) {
            this.row = row;
            this.hash = SecretHash.ofDigits(row.hash());
            this.clock = clock;
            this.usedAt = new AtomicReference<>(row.usedAt());
        }

        @Override
        public Optional<String> token() {
            return Optional.of(row.name());
        }

        @Override
        public TokenRole role() {
            return row.role();
        }

        @Override
        public boolean isValid() {
            return !deleted && !row.isExpired(clock.instant());
        }
    }

    /** Who comes while no token is needed. */
    private final class Anyone implements Caller {

        @Override
        public Optional<String> token() {
            return Optional.empty();
        }

        @Override
        public TokenRole role() {
            return TokenRole.ADMIN;
        }

        @Override
        public boolean isValid() {
            return !areNeeded();
        }
    }

    /** Whether requests need a token: always, except on loopback as long as no token exists, expired or not. */
    boolean areNeeded() {
        return !isLoopback || configured.isPresent() || !named.isEmpty();
    }

    /** Whether one opens everything at the moment, and cannot be guessed. */
    public boolean haveAdmin() {
        return configured.filter(token -> !token.secret.isShort()).isPresent()
                || named.stream().anyMatch(token -> token.role() == TokenRole.ADMIN && token.isValid());
    }

    /** Returns who comes without a token; empty if one is needed. */
    Optional<Caller> anyone() {
        return areNeeded() ? Optional.empty() : Optional.of(new Anyone());
    }

    /** Returns who shows a token, which may have expired; empty if the service does not know it. */
    Optional<Caller> caller(String token) {
        SecretHash given = SecretHash.of(token);
        List<Named> found = named.stream().filter(each -> each.hash.equals(given)).toList(); // after all were compared
        return configured.filter(one -> one.secret.isSame(given))
                .<Caller>map(one -> one)
                .or(() -> found.stream().findFirst());
    }

    /** Keeps that a caller has been let in, once for each hour. */
    void letIn(Caller caller) {
        if (caller instanceof Named token) {
            Optional<Instant> hour = Optional.of(clock.instant().truncatedTo(ChronoUnit.HOURS));
            if (!token.usedAt.getAndSet(hour).equals(hour)) {
                try {
                    stored.used(token.row.hash(), hour.get());
                } catch (IOException e) {
                    LOG.warn("cannot keep when the token {} was used", token.row.name(), e);
                }
            }
        }
    }

    /** What became of the wish for a token. */
    public sealed interface Creation {

        /**
         * It exists.
         *
         * @param secret the token itself, which is kept nowhere
         */
        record Created(StoredToken token, String secret) implements Creation {}

        /** It does not, for this reason. */
        record Hindered(String reason) implements Creation {}
    }

    /** Creates a token. */
    public Creation create(NewToken wanted) throws IOException {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        StoredToken token = new StoredToken(wanted.name(), wanted.role(), SecretHash.of(secret).digits(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS), wanted.expiresAt(), Optional.empty());
        lock.lock();
        try {
            if (named.size() >= MOST) {
                return new Creation.Hindered("there are " + MOST + " tokens, and no more may be; delete one first");
            }
            if (!stored.add(token)) {
                return new Creation.Hindered("there is a token " + wanted.name() + "; delete it first");
            }
            List<Named> more = new ArrayList<>(named);
            more.add(new Named(token, clock));
            named = List.copyOf(more);
        } finally {
            lock.unlock();
        }
        return new Creation.Created(token, secret);
    }

    /** Deletes a token, which opens nothing any more; returns false if no token has this name. */
    public boolean delete(String name) throws IOException {
        lock.lock();
        try {
            if (!stored.delete(name)) {
                return false;
            }
            forget(name);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void forget(String name) {
        List<Named> gone = named.stream().filter(token -> token.row.name().equals(name)).toList();
        named = named.stream().filter(token -> !gone.contains(token)).toList();
        gone.forEach(token -> token.deleted = true);
    }

    /** Returns those of the folder, by their names. */
    public List<StoredToken> list() throws IOException {
        return stored.all();
    }
}
