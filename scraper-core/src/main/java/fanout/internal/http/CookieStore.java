package fanout.internal.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.task.Ticker;
import fanout.job.GivenCookie;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Cookie;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of one crawl, in memory and bounded: where a domain has its fill, or the crawl has, the cookie that was
 * set longest ago goes. OkHttp's parser refuses cookies for public suffixes, so no site can set one for all of
 * {@code co.uk}.
 *
 * <p>Source: RFC 6265, sections 5.3, 5.4 and 6.1. Thread-safe: one lock, held for map operations only.
 */
final class CookieStore {

    private static final int MOST_PER_DOMAIN = 50;
    private static final int MOST = 3_000;

    /** Of what is kept of one: name, value, domain and path. */
    private static final int LONGEST = 4_096;

    private record Key(String domain, String path, String name) {}

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();

    /** What was set longest ago first. */
    @GuardedBy("lock")
    private final LinkedHashMap<Key, KeptCookie> cookies = new LinkedHashMap<>();

    @GuardedBy("lock")
    private final Map<String, List<Key>> byDomain = new HashMap<>();

    @GuardedBy("lock")
    private long created;

    /** The number of the last login that was begun. */
    private final AtomicLong newest = new AtomicLong();

    /** Lets crawls that were given no cookie pass without the lock. */
    private volatile boolean empty = true;

    /** @param given what is kept from the beginning; an expired one is left out */
    CookieStore(Ticker ticker, List<GivenCookie> given) {
        this.ticker = ticker;
        keepAll(given.stream().map(KeptCookie::of).toList(), false);
    }

    /** Notes that requests are sent under this session, or to open it. */
    void begin(long session) {
        if (session > newest.get()) {
            newest.accumulateAndGet(session, Math::max);
        }
    }

    /** Whether a later login has begun than the one that gave this session. */
    boolean isOver(long session) {
        return session < newest.get();
    }

    /**
     * The cookies for a request, those of longer paths first, and among those of equal length the oldest.
     *
     * @param withSession whether those that a login has set are among them
     */
    List<KeptCookie> cookiesFor(HttpUrl url, boolean withSession) {
        if (empty) {
            return List.of();
        }
        long now = ticker.now().toEpochMilli();
        List<KeptCookie> found = new ArrayList<>();
        lock.lock();
        try {
            String domain = url.host();
            while (!domain.isEmpty()) {
                for (Key key : byDomain.getOrDefault(domain, List.of())) {
                    KeptCookie cookie = cookies.get(key);
                    if (cookie != null && (withSession || !cookie.isOfSession())
                            && cookie.rules().expiresAt() > now && cookie.rules().matches(url)) {
                        found.add(cookie);
                    }
                }
                domain = domain.substring(domain.indexOf('.') < 0 ? domain.length() : domain.indexOf('.') + 1);
            }
        } finally {
            lock.unlock();
        }
        found.sort(Comparator.comparingInt(KeptCookie::pathLength)
                .reversed()
                .thenComparingLong(KeptCookie::number));
        return found;
    }

    /**
     * Keeps the cookies that a response sets; an expired one deletes its namesake.
     *
     * @param isOfLogin whether it is the response to a step of a login: its cookies are the session's, as are those
     *     that replace them later
     */
    void remember(HttpUrl url, Headers headers, boolean isOfLogin) {
        if (headers.get("Set-Cookie") == null) {
            return;
        }
        List<KeptCookie> parsed = headers.values("Set-Cookie")
                .stream()
                .flatMap(header -> KeptCookie.parse(url, header).stream())
                .toList();
        keepAll(parsed, isOfLogin);
    }

    private void keepAll(List<KeptCookie> parsed, boolean isOfLogin) {
        long now = ticker.now().toEpochMilli();
        lock.lock();
        try {
            for (KeptCookie cookie : parsed) {
                keep(cookie.createdAs(created++).ofSession(isOfLogin), now);
            }
            empty = cookies.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** One that replaces its namesake is as old as that (RFC 6265, section 5.3). */
    @GuardedBy("lock")
    private void keep(KeptCookie cookie, long now) {
        Key key = new Key(cookie.rules().domain(), cookie.rules().path(), cookie.name());
        KeptCookie old = remove(key);
        if (cookie.rules().expiresAt() > now && cookie.length() <= LONGEST) {
            add(key, old != null && old.rules().expiresAt() > now
                    ? cookie.createdAs(old.number()).ofSession(old.isOfSession())
                    : cookie);
        }
    }

    @GuardedBy("lock")
    private void add(Key key, KeptCookie cookie) {
        List<Key> domain = byDomain.computeIfAbsent(key.domain, name -> new ArrayList<>());
        if (domain.size() == MOST_PER_DOMAIN) {
            cookies.remove(domain.removeFirst());
        } else if (cookies.size() == MOST) {
            Iterator<Key> oldest = cookies.keySet().iterator();
            remove(oldest.next());
            domain = byDomain.computeIfAbsent(key.domain, name -> new ArrayList<>());
        }
        domain.add(key);
        cookies.put(key, cookie);
    }

    @GuardedBy("lock")
    private @Nullable KeptCookie remove(Key key) {
        KeptCookie removed = cookies.remove(key);
        if (removed != null) {
            byDomain.computeIfPresent(key.domain, (name, keys) -> keys.remove(key) && keys.isEmpty() ? null : keys);
        }
        return removed;
    }

    /**
     * A cookie as it is sent back, and OkHttp's reading of where and how long. OkHttp (5.5.1) drops a cookie whose name
     * or value is not ASCII; browsers return its bytes as they came.
     *
     * @param rules whose name and value do not count
     * @param number grows with the moment of creation
     * @param isOfSession whether a login has set it
     */
    record KeptCookie(Cookie rules, String name, String value, long number, boolean isOfSession) {

        /** Stands for bytes that were not UTF-8 and are lost: such a cookie cannot be returned. */
        private static final char REPLACEMENT = '\uFFFD';

        /** Reads a Set-Cookie header; empty if it sets nothing. */
        static Optional<KeptCookie> parse(HttpUrl url, String header) {
            int end = header.indexOf(';') < 0 ? header.length() : header.indexOf(';');
            String pair = header.substring(0, end);
            if (pair.chars().allMatch(c -> c < 0x80)) {
                return Optional.ofNullable(Cookie.parse(url, header))
                        .map(cookie -> new KeptCookie(cookie, cookie.name(), cookie.value(), 0, false));
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            String value = pair.substring(equals + 1).strip();
            return name.isEmpty() || !isSendable(pair.strip())
                    ? Optional.empty()
                    : Optional.ofNullable(Cookie.parse(url, "name=value" + header.substring(end)))
                            .map(rules -> new KeptCookie(rules, name, value, 0, false));
        }

        /** Makes one of a cookie that no site has set here. */
        static KeptCookie of(GivenCookie given) {
            Cookie.Builder rules = new Cookie.Builder().name("name").value("value").path(given.path());
            if (given.subdomains()) {
                rules.domain(given.domain());
            } else {
                rules.hostOnlyDomain(given.domain());
            }
            if (given.secure()) {
                rules.secure();
            }
            given.expires().ifPresent(instant -> rules.expiresAt(instant.toEpochMilli()));
            return new KeptCookie(rules.build(), given.name(), given.value(), 0, false);
        }

        private static boolean isSendable(String text) {
            return text.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == REPLACEMENT);
        }

        /** The same with another place in the order of creation. */
        KeptCookie createdAs(long place) {
            return new KeptCookie(rules, name, value, place, isOfSession);
        }

        /** The same of a session, if it is or was. */
        KeptCookie ofSession(boolean isToo) {
            return isToo && !isOfSession ? new KeptCookie(rules, name, value, number, true) : this;
        }

        int pathLength() {
            return rules.path().length();
        }

        /** Characters of what is kept. */
        int length() {
            return name.length() + value.length() + rules.domain().length() + rules.path().length();
        }
    }
}
