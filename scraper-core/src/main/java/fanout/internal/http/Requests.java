package fanout.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.internal.fetch.FetchRequest;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.job.SecretRules;
import fanout.job.SecretText;
import fanout.job.Start;
import fanout.page.OpenSession;
import fanout.page.Request.Body;
import fanout.page.Request.Details;
import fanout.page.Request.References;
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
import org.jspecify.annotations.Nullable;

/**
 * Builds a job's requests: the canonical URL as it is spelt, the headers of the job and of the request, the crawl's
 * cookies, and the body. A header of the request replaces the job's. Authorization and Cookie of both go to the start
 * URLs' origins only: no other site that is linked to, or redirected to, learns them. This is where references to
 * secrets become secrets, see {@link SecretRules}; a header with one that does not go to a URL is left out.
 * What a session has goes to the session's origins only. Thread-safe.
 */
final class Requests {

    /** The header that carries the job's login to a proxy. */
    static final String PROXY_LOGIN = "Proxy-Authorization";

    /** The encodings of which no body has to be held as a whole to be decoded. */
    private static final String IN_PIECES = "gzip, deflate";

    private final Headers forAll;
    private final boolean asksForMediaTypes;
    private final Headers forStarts;
    private final SecretRules secrets;
    private final List<SecretHeader> secretHeaders;
    private final Start start;
    private final boolean haveCredentials;
    /** Made when the first credentials are to be sent; most jobs have none. */
    private volatile @Nullable Set<String> startOrigins;
    private final Map<String, String> jobCookies;
    private final SecretText ofJobCookies;
    private final Optional<CookieStore> cookies;
    /** What a proxy is told in requests that it forwards; those to https go through a tunnel, past it. */
    private final Optional<String> proxyLogin;
    private final ParsedOrigins origins = new ParsedOrigins();

    /** A header of the job that has a secret in it, and the text that it is made of. */
    private record SecretHeader(String name, String value, SecretText text) {

        @Override
        public String toString() {
            return name + ": " + text.written();
        }
    }

    Requests(CrawlJob job, Ticker ticker) {
        Headers.Builder all = new Headers.Builder().add("User-Agent", job.http().userAgent())
                .add("Accept-Encoding", "gzip, deflate, br, zstd");
        Headers.Builder starts = new Headers.Builder();
        String cookie = "";
        SecretText ofCookie = new SecretText("");
        boolean refers = !job.http().secrets().isEmpty();
        List<SecretHeader> ofSecrets = new ArrayList<>();
        this.secrets = new SecretRules(job.start(), job.parsing(), job.session(), job.http().secrets());
        for (Map.Entry<String, String> header : job.http().headers().entrySet()) {
            String name = header.getKey();
            SecretText text = new SecretText(refers ? header.getValue() : "");
            String value = refers ? secrets.resolved(text, References.IN_TEXT) : header.getValue();
            if (name.equalsIgnoreCase("Cookie")) {
                cookie = value;
                ofCookie = text;
            } else if (!text.names().isEmpty()) {
                ofSecrets.add(new SecretHeader(name, value, text));
            } else if (name.equalsIgnoreCase("Authorization")) {
                starts.set(name, value);
            } else if (!name.equalsIgnoreCase("User-Agent")) {
                all.set(name, value);
            }
        }
        this.secretHeaders = List.copyOf(ofSecrets);
        this.ofJobCookies = ofCookie;
        this.forAll = all.build();
        this.asksForMediaTypes = forAll.get("Accept") != null;
        this.forStarts = starts.build();
        this.jobCookies = cookiePairs(cookie);
        this.haveCredentials = forStarts.size() > 0 || !jobCookies.isEmpty() || !secretHeaders.isEmpty();
        this.start = job.start();
        this.proxyLogin = job.http().proxy().flatMap(Http.Proxy::login).map(Requests::proxyLogin);
        this.cookies = job.http().cookies() ? Optional.of(new CookieStore(ticker, job.http().givenCookies()))
                : Optional.empty();
    }

    private static boolean hasCredentials(Details details) {
        return details.headers().containsKey("Authorization") || details.headers().containsKey("Cookie");
    }

    private boolean isStart(CanonicalUrl target) {
        Set<String> known = startOrigins;
        if (known == null) {
            known = start.urls().stream().map(url -> url.url().origin()).collect(Collectors.toUnmodifiableSet());
            startOrigins = known; // by any thread, the same
        }
        return known.contains(target.origin());
    }

    /** Makes a request ready to be sent. Its media types are asked for unless the job or the request says so itself. */
    Request.Builder request(FetchRequest toSend) {
        CanonicalUrl target = toSend.url();
        Details details = toSend.details();
        OpenSession session = toSend.session();
        HttpUrl url = origins.parse(target);
        Headers.Builder headers = forAll.newBuilder();
        if (!asksForMediaTypes) {
            headers.set("Accept", toSend.accept());
        }
        if (toSend.files().isLikely()) {
            headers.set("Accept-Encoding", IN_PIECES);
        }
        if (!url.isHttps()) {
            proxyLogin.ifPresent(login -> headers.set(PROXY_LOGIN, login));
        }
        List<String> pairs = new ArrayList<>();
        Map<String, String> own = Map.of();
        boolean isStart = (haveCredentials || hasCredentials(details)) && isStart(target);
        if (isStart) {
            forStarts.forEach(header -> headers.set(header.getFirst(), header.getSecond()));
            own = jobCookies(details, target);
            pairs.addAll(own.values());
        }
        for (SecretHeader header : secretHeaders) {
            if (secrets.go(header.text, target) && (isStart || !header.name.equalsIgnoreCase("Authorization"))) {
                headers.set(header.name, header.value);
            }
        }
        boolean isOfSession = session.covers(target);
        if (isOfSession) {
            session.headers()
                    .forEach((name, value) -> sent(value, session.refersToSecrets(), target)
                            .ifPresent(text -> headers.set(name, text)));
        }
        boolean isTrusted = isStart || (isOfSession && session.isOpening());
        details.body().ifPresent(body -> headers.set("Content-Type", body.contentType()));
        details.headers().forEach((name, value) -> {
            if (isSent(name, details, isTrusted)) {
                sent(value, details.references() != References.NONE, target)
                        .ifPresent(text -> headers.set(name, text));
            }
        });
        if (cookies.isPresent()) {
            cookies.get().begin(session.number());
            for (CookieStore.KeptCookie cookie : cookies.get().cookiesFor(url, session.isOpening() || isOfSession)) {
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
                .method(details.method().name(), body(details, target).orElse(null));
    }

    /**
     * The user agent is the job's, because robots.txt was asked for it; cookies are joined with the crawl's. A redirect
     * may have taken the body.
     */
    private static boolean isSent(String name, Details details, boolean isTrusted) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "user-agent", "cookie" -> false;
            case "content-type" -> details.body().isPresent();
            case "authorization" -> isTrusted;
            default -> true;
        };
    }

    /** Returns a header of a request or session with its secrets; empty if one of them does not go there. */
    private Optional<String> sent(String value, boolean refersToSecrets, CanonicalUrl target) {
        if (!refersToSecrets) {
            return Optional.of(value);
        }
        SecretText text = new SecretText(value);
        return secrets.go(text, target) ? Optional.of(secrets.resolved(text, References.IN_TEXT)) : Optional.empty();
    }

    /** Returns the cookies of the job, with those of the request in their place or behind them. */
    private Map<String, String> jobCookies(Details details, CanonicalUrl target) {
        Map<String, String> ofJob = secrets.go(ofJobCookies, target) ? jobCookies : Map.of();
        String cookie = details.headers().get("Cookie");
        if (cookie == null) {
            return ofJob;
        }
        Map<String, String> pairs = new LinkedHashMap<>(ofJob);
        sent(cookie, details.references() != References.NONE, target)
                .ifPresent(header -> pairs.putAll(cookiePairs(header)));
        return pairs;
    }

    /**
     * Returns the body as it is sent, whose Content-Type is among the headers as the job spells it. OkHttp sends a
     * POST, PUT or PATCH with a body only, which may be empty, and no GET or HEAD with one.
     */
    private Optional<RequestBody> body(Details details, CanonicalUrl target) {
        Optional<RequestBody> body = details.body().map(sent -> body(sent, details.references(), target));
        return switch (details.method()) {
            case GET, HEAD, DELETE -> body;
            case POST, PUT, PATCH -> Optional.of(body.orElseGet(() -> RequestBody.create(ByteString.EMPTY, null)));
        };
    }

    private RequestBody body(Body body, References references, CanonicalUrl target) {
        if (references == References.NONE) {
            return RequestBody.create(ByteString.of(body.bytes()), null);
        }
        SecretText text = new SecretText(body.text());
        if (!secrets.go(text, target)) {
            throw new IllegalStateException("a body has a secret that does not go to " + target.origin());
        }
        String resolved = secrets.resolved(text, references);
        return RequestBody.create(ByteString.of(new Body(body.contentType(), resolved, body.isOctets()).bytes()), null);
    }

    /**
     * Keeps the cookies that a response sets. One that comes late must not undo what a later login has set.
     *
     * @param sent with what it was asked for
     */
    void remember(Request request, Headers response, FetchRequest sent) {
        OpenSession session = sent.session();
        if (cookies.isPresent() && !(session.covers(sent.url()) && cookies.get().isOver(session.number()))) {
            cookies.get().remember(request.url(), response, session.isOpening());
        }
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
