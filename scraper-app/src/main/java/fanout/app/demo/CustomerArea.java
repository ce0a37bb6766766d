package fanout.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.demo.Response.Document;
import fanout.app.demo.Response.Personal;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The part of the shop behind a login. It does what such sites do to a crawler: the form to log in has a hidden token
 * that is another one in each answer, a session ends after some pages or some time, and a visitor who is not logged in
 * gets the form itself instead of the list of orders, and a redirect to it instead of an order.
 *
 * <p>A visitor is known by a cookie, which no script can read and which changes with a login. For each of its
 * pages with the form a visitor has one token, the last that was shown there; it is good once.
 *
 * <p>Thread-safe. Memory is bounded: of more than a thousand visitors, or a hundred sessions, the one that was not seen
 * for the longest time is forgotten. Visitors that are not logged in cannot end a session.
 */
final class CustomerArea {

    /** The name of the cookie. */
    static final String COOKIE = "shop-visit";

    private static final String FOLDER = "/account/";
    private static final int MOST_VISITORS = 1_000;
    private static final int MOST_SESSIONS = 100;
    private static final int RANDOM_BYTES = 16;

    private final CustomerPages pages;
    private final Validity validity;
    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();

    /** Those who are not logged in: the token of the form on each path, by the id in the cookie. */
    @GuardedBy("lock")
    private final Map<String, Map<String, String>> visitors = new LinkedHashMap<>(16, 0.75f, true);

    /** Those who are, by the id in the cookie. */
    @GuardedBy("lock")
    private final Map<String, Customer> customers = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * When a session ends by itself.
     *
     * @param pages that it shows
     * @param time since the login
     */
    record Validity(int pages, Duration time) {

        /** So that a crawl of all orders, which are thirty pages, has to log in again. */
        static final Validity STANDARD = new Validity(20, Duration.ofMinutes(10));
    }

    /**
     * A session.
     *
     * @param pagesLeft that it will show
     * @param end of the clock
     */
    private record Customer(int pagesLeft, long end) {}

    /**
     * A request for a page of this part.
     *
     * @param cookies the values of the cookie
     * @param sent the body of a POST; empty for other requests
     */
    record Asked(String path, FormFields query, List<String> cookies, Optional<FormFields> sent) {}

    /** @param nanoTime the clock, in nanoseconds from any moment */
    CustomerArea(CustomerPages pages, Validity validity, LongSupplier nanoTime) {
        this.pages = pages;
        this.validity = validity;
        this.nanoTime = nanoTime;
    }

    /** Returns whether a path belongs to this part. */
    static boolean has(String path) {
        return path.equals(CustomerPages.LOGIN) || path.equals(CustomerPages.LOGOUT) || path.startsWith(FOLDER);
    }

    /**
     * Answers a request.
     *
     * @param missing the answer to other paths
     */
    Response answer(Asked asked, Document missing) {
        String path = asked.path();
        lock.lock();
        try {
            if (path.equals(CustomerPages.LOGIN)) {
                return asked.sent().isPresent() ? logIn(asked, asked.sent().get()) : form(200, asked, "");
            }
            if (path.equals(CustomerPages.LOGOUT)) {
                asked.cookies().forEach(customers::remove);
                return Personal.to("/");
            }
            boolean isList = path.equals(CustomerPages.ORDERS);
            Optional<Document> page = isList ? Optional.of(pages.list(asked.query().page())) : pages.order(path);
            if (page.isEmpty()) {
                return missing;
            }
            return isLoggedIn(asked.cookies()) ? Personal.of(page.get())
                    : isList ? form(200, asked, "") : Personal.to(CustomerPages.LOGIN);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Response logIn(Asked asked, FormFields sent) {
        if (!takeToken(asked.cookies(), sent.get("token"))) {
            return form(403, asked, "This form was not the last one that you were shown. Please try again.");
        }
        boolean isUser = isEqual(sent.get("user"), CustomerPages.USER);
        boolean isPassword = isEqual(sent.get("password"), CustomerPages.PASSWORD);
        boolean isCustomer = isUser && isPassword;
        if (!isCustomer) {
            return form(200, asked, "There is no customer of this name with this password.");
        }
        asked.cookies().forEach(customers::remove);
        String id = randomText(); // a new one, which was in no page or cookie before
        customers.put(id, new Customer(validity.pages(), nanoTime.getAsLong() + validity.time().toNanos()));
        forgetMoreThan(MOST_SESSIONS, customers);
        return Personal.to(CustomerPages.ORDERS).with(cookie(id));
    }

    /** Returns whether this is the token of one of the visitor's forms, and takes it from the form. */
    @GuardedBy("lock")
    private boolean takeToken(List<String> cookies, String token) {
        boolean isKnown = false;
        for (String id : cookies) {
            isKnown |= visitors.getOrDefault(id, new HashMap<>()).values().removeIf(known -> isEqual(known, token));
        }
        return isKnown;
    }

    /** Counts the page, if there is a session for it. A visitor whose session has ended keeps the cookie. */
    @GuardedBy("lock")
    private boolean isLoggedIn(List<String> cookies) {
        for (String id : cookies) {
            Customer customer = customers.get(id);
            if (customer == null) {
                continue;
            }
            if (customer.pagesLeft() > 0 && nanoTime.getAsLong() - customer.end() < 0) {
                customers.put(id, new Customer(customer.pagesLeft() - 1, customer.end()));
                return true;
            }
            customers.remove(id);
            visitors.put(id, new HashMap<>());
            forgetMoreThan(MOST_VISITORS, visitors);
        }
        return false;
    }

    /** Shows the form with a new token. Only a visitor that is not known gets a cookie. */
    @GuardedBy("lock")
    private Personal form(int status, Asked asked, String problem) {
        String id = "";
        for (String sent : asked.cookies()) {
            id = visitors.containsKey(sent) || customers.containsKey(sent) ? sent : id;
        }
        boolean isKnown = !id.isEmpty();
        if (!isKnown) {
            id = randomText();
        }
        String token = randomText();
        visitors.computeIfAbsent(id, _ -> new HashMap<>()).put(asked.path(), token);
        forgetMoreThan(MOST_VISITORS, visitors);
        Personal form = Personal.of(pages.login(status, token, problem));
        return isKnown ? form : form.with(cookie(id));
    }

    private static void forgetMoreThan(int most, Map<String, ?> known) {
        for (Iterator<String> longestUnseen = known.keySet().iterator(); known.size() > most;) {
            longestUnseen.next();
            longestUnseen.remove();
        }
    }

    private static String cookie(String id) {
        return COOKIE + "=" + id + "; Path=/; HttpOnly; SameSite=Lax";
    }

    private String randomText() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }
}
