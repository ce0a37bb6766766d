package fanout.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.page.Request.Body;
import fanout.page.Request.Details;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import okhttp3.Credentials;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.ByteString;

/**
 * Builds a job's requests: the canonical URL as it is spelt, the headers of the job and of the request, the crawl's
 * cookies, and the body. A header of the request replaces the job's. Authorization and Cookie of both go to the start
 * URLs' origins only: no other site that is linked to, or redirected to, learns them. Thread-safe.
 */
final class Requests {

    /** The header that tells a proxy the job's login. */
    static final String PROXY_LOGIN = "Proxy-Authorization";

    private final Headers forAll;
    private final boolean asksForMediaTypes;
    private final Headers forStarts;
    private final Set<String> startOrigins;
    private final Map<String, String> jobCookies;
    private final Optional<CookieStore> cookies;
    /** What a proxy is told in requests that it forwards; those to https go through a tunnel, past it. */
    private final Optional<String> proxyLogin;
    private final ParsedOrigins origins = new ParsedOrigins();

    Requests(CrawlJob job, Ticker ticker) {
        Headers.Builder all = new Headers.Builder().add("User-Agent", job.http().userAgent())
                .add("Accept-Encoding", "gzip, deflate, br, zstd");
        Headers.Builder starts = new Headers.Builder();
        String cookie = "";
        for (Map.Entry<String, String> header : job.http().headers().entrySet()) {
            String name = header.getKey();
            if (name.equalsIgnoreCase("Cookie")) {
                cookie = header.getValue();
            } else if (name.equalsIgnoreCase("Authorization")) {
                starts.set(name, header.getValue());
            } else if (!name.equalsIgnoreCase("User-Agent")) {
                all.set(name, header.getValue());
            }
        }
        this.forAll = all.build();
        this.asksForMediaTypes = forAll.get("Accept") != null;
        this.forStarts = starts.build();
        this.jobCookies = cookiePairs(cookie);
        boolean haveCredentials = forStarts.size() > 0 || !jobCookies.isEmpty()
                || job.start().urls().stream().anyMatch(start -> hasCredentials(start.details()));
        this.startOrigins = haveCredentials
                ? job.start()
                        .urls()
                        .stream()
                        .map(start -> start.url().origin())
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
        this.proxyLogin = job.http().proxy().flatMap(Http.Proxy::login).map(Requests::proxyLogin);
        this.cookies = job.http().cookies() ? Optional.of(new CookieStore(ticker, job.http().givenCookies()))
                : Optional.empty();
    }

    private static boolean hasCredentials(Details details) {
        return details.headers().containsKey("Authorization") || details.headers().containsKey("Cookie");
    }

    /** @param accept media types that are asked for, unless the job or the request says so itself */
    Request.Builder request(CanonicalUrl target, Details details, String accept) {
        HttpUrl url = origins.parse(target);
        Headers.Builder headers = forAll.newBuilder();
        if (!asksForMediaTypes) {
            headers.set("Accept", accept);
        }
        if (!url.isHttps()) {
            proxyLogin.ifPresent(login -> headers.set(PROXY_LOGIN, login));
        }
        List<String> pairs = new ArrayList<>();
        Map<String, String> own = Map.of();
        boolean isStart = !startOrigins.isEmpty() && startOrigins.contains(target.origin());
        if (isStart) {
            forStarts.forEach(header -> headers.set(header.getFirst(), header.getSecond()));
            own = jobCookies(details);
            pairs.addAll(own.values());
        }
        details.body().ifPresent(body -> headers.set("Content-Type", body.contentType()));
        details.headers().forEach((name, value) -> {
            if (isSent(name, details, isStart)) {
                headers.set(name, value);
            }
        });
        if (cookies.isPresent()) {
            for (CookieStore.KeptCookie cookie : cookies.get().cookiesFor(url)) {
                if (!own.containsKey(cookie.name())) {
                    pairs.add(cookie.name() + "=" + cookie.value());
                }
            }
        }
        if (!pairs.isEmpty()) {
            headers.addUnsafeNonAscii("Cookie", String.join("; ", pairs));
        }
        return new Request.Builder().url(url)
                .headers(headers.build())
                .method(details.method().name(), body(details).orElse(null));
    }

    /**
     * The user agent is the job's, because robots.txt was asked for it; cookies are joined with the crawl's. A redirect
     * may have taken the body.
     */
    private static boolean isSent(String name, Details details, boolean isStart) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "user-agent", "cookie" -> false;
            case "content-type" -> details.body().isPresent();
            case "authorization" -> isStart;
            default -> true;
        };
    }

    /** Returns the cookies of the job, with those of the request in their place or behind them. */
    private Map<String, String> jobCookies(Details details) {
        String cookie = details.headers().get("Cookie");
        if (cookie == null) {
            return jobCookies;
        }
        Map<String, String> pairs = new LinkedHashMap<>(jobCookies);
        pairs.putAll(cookiePairs(cookie));
        return pairs;
    }

    /**
     * Returns the body as it is sent, whose Content-Type is among the headers as the job spells it. OkHttp sends a
     * POST, PUT or PATCH with a body only, which may be empty, and no GET or HEAD with one.
     */
    private static Optional<RequestBody> body(Details details) {
        return switch (details.method()) {
            case GET, HEAD, DELETE -> details.body().map(Requests::body);
            case POST, PUT, PATCH -> Optional.of(details.body()
                    .map(Requests::body)
                    .orElseGet(() -> RequestBody.create(ByteString.EMPTY, null)));
        };
    }

    private static RequestBody body(Body body) {
        return RequestBody.create(ByteString.encodeUtf8(body.text()), null);
    }

    void remember(Request request, Headers response) {
        cookies.ifPresent(store -> store.remember(request.url(), response));
    }

    /** Returns the value of {@link #PROXY_LOGIN}. */
    static String proxyLogin(Http.Login login) {
        return Credentials.basic(login.user(), login.password(), UTF_8);
    }

    /** The pairs of a Cookie header as they are written, by name. */
    private static Map<String, String> cookiePairs(String header) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : header.split(";", -1)) {
            if (!pair.isBlank()) {
                int equals = pair.indexOf('=');
                pairs.put((equals < 0 ? pair : pair.substring(0, equals)).strip(), pair.strip());
            }
        }
        return pairs;
    }

    /**
     * Turns canonical URLs into OkHttp's, without parsing the same host for every page: that alone is six percent of a
     * crawl's CPU. Thread-safe.
     */
    static final class ParsedOrigins {

        /**
         * More hosts than this are parsed each time; a crawl that broad waits for its hosts, not for its CPU.
         */
        private static final int CAPACITY = 10_000;

        private final Map<Host, HttpUrl> http = new ConcurrentHashMap<>();
        private final Map<Host, HttpUrl> https = new ConcurrentHashMap<>();

        HttpUrl parse(CanonicalUrl url) {
            String pathAndQuery = url.pathAndQuery();
            if (leavesTheOrigin(pathAndQuery)) {
                return HttpUrl.get(url.toString());
            }
            Map<Host, HttpUrl> origins = url.isHttps() ? https : http;
            HttpUrl origin = origins.get(url.host());
            if (origin == null) {
                HttpUrl parsed = HttpUrl.get(url.toString());
                if (origins.size() < CAPACITY) {
                    // Not a whole long URL.
                    origins.putIfAbsent(url.host(), Objects.requireNonNull(parsed.resolve("/")));
                }
                return parsed;
            }
            HttpUrl resolved = origin.resolve(pathAndQuery);
            return resolved == null ? HttpUrl.get(url.toString()) : resolved;
        }

        /** Resolved as a link, a path that begins with two slashes would be another host. */
        private static boolean leavesTheOrigin(String path) {
            return path.length() > 1 && (path.charAt(1) == '/' || path.charAt(1) == '\\');
        }
    }
}
