package fanout.crawl.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/**
 * A site with pages for members: {@code /p/0} links to the others. Its login has a hidden field that is good once, and
 * a session ends after so many pages. Thread-safe.
 */
final class MemberSite extends Dispatcher implements AutoCloseable {

    /** What a request without a session gets. */
    enum Refusal {
        /** A redirect to the login, which forgets the session's cookie. */
        REDIRECT,
        /** The login itself, with status 200. */
        LOGIN_PAGE,
        /** Status 401. */
        UNAUTHORIZED
    }

    private final MockWebServer server = new MockWebServer();
    private final Refusal refusal;
    private final int pages;
    private final int pagesOfASession;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Set<String> fieldsGivenOut = ConcurrentHashMap.newKeySet();
    /** What each session has served. */
    private final Map<String, AtomicInteger> sessions = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> served = new ConcurrentHashMap<>();
    private final LongAdder logins = new LongAdder();
    private final LongAdder refused = new LongAdder();
    final List<String> moreLinks = new CopyOnWriteArrayList<>();
    final ConcurrentLinkedQueue<RecordedRequest> requests = new ConcurrentLinkedQueue<>();

    MemberSite(Refusal refusal, int pages, int pagesOfASession) throws IOException {
        this.refusal = refusal;
        this.pages = pages;
        this.pagesOfASession = pagesOfASession;
        server.setDispatcher(this);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getPort() + path;
    }

    /** Logins that were right. */
    long logins() {
        return logins.sum();
    }

    /** Requests for pages without a session. */
    long refused() {
        return refused.sum();
    }

    /** How often each page was served to a member. */
    Map<String, Long> served() {
        return served.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, count -> count.getValue().sum()));
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        requests.add(request);
        String path = request.getUrl().encodedPath();
        return switch (path) {
            case "/robots.txt" -> new MockResponse.Builder().code(404).build();
            case "/login" -> request.getMethod().equals("POST") ? logIn(request) : loginPage();
            case "/api/login" -> apiLogin(request);
            case "/away" -> new MockResponse.Builder().code(307)
                    .setHeader("Location", String.valueOf(request.getUrl().queryParameter("to")))
                    .build();
            case "/open" -> html("<title>open</title>");
            default -> member(request, path);
        };
    }

    private MockResponse loginPage() {
        String field = "f" + numbers.incrementAndGet();
        fieldsGivenOut.add(field);
        return html("<title>login</title><form id=login method=post action=/login>"
                + "<input type=hidden name=csrf value=" + field + "><input name=user><input name=password></form>"
                + "<a href=/login>again</a>");
    }

    private MockResponse logIn(RecordedRequest request) {
        Map<String, String> form = form(request);
        boolean isRight = fieldsGivenOut.remove(form.getOrDefault("csrf", "")) && "ann".equals(form.get("user"))
                && "se cret&1".equals(form.get("password"));
        return isRight
                ? new MockResponse.Builder().code(302)
                        .setHeader("Location", "/account")
                        .addHeader("Set-Cookie", "sid=" + newSession() + "; Path=/; HttpOnly")
                        .build()
                : loginPage();
    }

    private MockResponse apiLogin(RecordedRequest request) {
        String body = request.getBody() == null ? "" : request.getBody().utf8();
        return body.equals("{\"user\":\"ann\",\"key\":7}")
                ? new MockResponse.Builder().setHeader("Content-Type", "application/json")
                        .body("{\"token\":\"" + newSession() + "\",\"empty\":null}")
                        .build()
                : new MockResponse.Builder().code(403).build();
    }

    private String newSession() {
        logins.increment();
        String session = "s" + numbers.incrementAndGet();
        sessions.put(session, new AtomicInteger());
        return session;
    }

    private static Map<String, String> form(RecordedRequest request) {
        Map<String, String> form = new HashMap<>();
        String body = request.getBody() == null ? "" : request.getBody().utf8();
        for (String pair : body.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[parts.length - 1], UTF_8));
        }
        return form;
    }

    private MockResponse member(RecordedRequest request, String path) {
        boolean isForbidden = path.startsWith("/forbidden");
        AtomicInteger session = isForbidden ? null : sessionOf(request);
        if (path.equals("/account")) {
            return session == null ? refusal() : html("<title>account</title><a class=logout href=/out>leave</a>");
        }
        if (session == null || session.incrementAndGet() > pagesOfASession) {
            refused.increment();
            return refusal();
        }
        served.computeIfAbsent(path, _ -> new LongAdder()).increment();
        if (path.startsWith("/moved/")) {
            return new MockResponse.Builder().code(302).setHeader("Location", "/p/" + path.substring(7)).build();
        }
        String links = path.equals("/p/0")
                ? IntStream.range(1, pages)
                        .mapToObj(page -> "<a href=/p/" + page + ">p</a>")
                        .collect(Collectors.joining())
                        + moreLinks.stream().map(link -> "<a href=" + link + ">m</a>").collect(Collectors.joining())
                : "";
        return html("<title>page</title><a class=logout href=/account>leave</a>" + links);
    }

    private AtomicInteger sessionOf(RecordedRequest request) {
        String token = request.getHeaders().get("Authorization");
        String id = token != null && token.startsWith("Bearer ") ? token.substring(7) : cookie(request, "sid");
        return sessions.get(id);
    }

    private static String cookie(RecordedRequest request, String name) {
        String cookies = request.getHeaders().get("Cookie");
        return cookies == null ? ""
                : Arrays.stream(cookies.split("; ", -1))
                        .filter(cookie -> cookie.startsWith(name + "="))
                        .map(cookie -> cookie.substring(name.length() + 1))
                        .findFirst()
                        .orElse("");
    }

    private MockResponse refusal() {
        return switch (refusal) {
            case REDIRECT -> new MockResponse.Builder().code(302)
                    .setHeader("Location", "/login?next=here")
                    .addHeader("Set-Cookie", "sid=; Path=/; Max-Age=0")
                    .headersDelay(3, TimeUnit.MILLISECONDS)
                    .build();
            case LOGIN_PAGE -> loginPage();
            case UNAUTHORIZED -> new MockResponse.Builder().code(401).build();
        };
    }

    private static MockResponse html(String body) {
        return new MockResponse.Builder().setHeader("Content-Type", "text/html")
                .headersDelay(2, TimeUnit.MILLISECONDS)
                .body(body)
                .build();
    }

    @Override
    public void close() {
        server.close();
    }
}
