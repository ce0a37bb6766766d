package fanout.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.url.CanonicalUrl;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A URL to be fetched, with what, and how the crawl found it. Immutable.
 *
 * <p>Two requests with one {@link #key} are the same to a crawl, whatever else they say: the first one decides.
 *
 * @param depth links followed from a start URL, at first discovery; 0 for start URLs and sitemap entries
 * @param label the user's name for this kind of page, from the start URL or the follow rule that found it
 * @param referrer the page whose link or redirect was the first to this URL; empty for start URLs and sitemap entries
 * @param details what a plain GET has not; {@link Details#NONE} for one
 */
public record Request(
        CanonicalUrl url,
        int depth,
        Optional<String> label,
        Optional<CanonicalUrl> referrer,
        Details details) {

    public Request {
        if (depth < 0) {
            throw new IllegalArgumentException("depth " + depth + " is negative");
        }
    }

    /** A plain GET. */
    public Request(CanonicalUrl url, int depth, Optional<String> label, Optional<CanonicalUrl> referrer) {
        this(url, depth, label, referrer, Details.NONE);
    }

    /** A plain GET at depth 0 without a referrer. */
    public static Request start(CanonicalUrl url, Optional<String> label) {
        return new Request(url, 0, label, Optional.empty());
    }

    /** Returns a builder of a request at depth 0 without a referrer: a plain GET, until it is told otherwise. */
    public static Builder to(CanonicalUrl url) {
        return new Builder(url);
    }

    /** Returns this request with other details. */
    public Request with(Details other) {
        return new Request(url, depth, label, referrer, other);
    }

    /**
     * Returns the text by which a crawl knows the request: it is fetched once for each key. The key of a GET without a
     * body is its canonical URL. That of any other request is its method, canonical URL and the SHA-256 of its body, if
     * it has one. Headers, priority and data are in no key. A request that has an identity is known by that.
     */
    public String key() {
        return details.key(url.toString());
    }

    /** Returns whether it asks a link out of scope whether it works; see {@link Details#isExternal}. */
    public boolean isExternal() {
        return details.isExternal();
    }

    /**
     * Returns the request to which a redirect of this one leads. That of an external one is external. 301 and 302 make
     * a GET of a POST, 303 makes one of everything but HEAD; 307 and 308 keep method and body, as RFC 9110 says. Depth,
     * label, priority, headers and data stay.
     */
    public Request redirectedTo(CanonicalUrl target, int status) {
        if (details.isExternal()) {
            return new Request(target, depth, label, Optional.of(url), Details.EXTERNAL);
        }
        Method method = details.method();
        boolean becomesGet = switch (status) {
            case 303 -> method != Method.HEAD;
            case 307, 308 -> false;
            default -> method == Method.POST;
        };
        Details then = becomesGet && details.asksForMore()
                ? new Details(Method.GET, details.headers(), Optional.empty(), details.priority(), details.data(),
                        Optional.empty(), details.references()).pickedBy(details.picks())
                : details.asItself();
        return new Request(target, depth, label, Optional.of(url), then);
    }

    /** The methods that a request may have. */
    public enum Method {
        GET, HEAD, POST, PUT, PATCH, DELETE;

        /**
         * Whether a server that gets the request twice does no more than if it gets it once (RFC 9110, section 9.2.2).
         */
        public boolean isIdempotent() {
            return switch (this) {
                case GET, HEAD, PUT, DELETE -> true;
                case POST, PATCH -> false;
            };
        }
    }

    /**
     * Whether the headers and the body of a request refer to secrets, and how these are put into the body. In texts
     * that do, <code>${NAME}</code> is a reference and {@code $$} stands for a dollar sign. Only what is sent has the
     * secrets: a request, its key and what is written of it have the references.
     */
    public enum References {
        /** There are none: every text is what it says. */
        NONE,
        /** As they are. */
        IN_TEXT,
        /** Encoded as a value of a form. */
        IN_FORM,
        /** Escaped as a part of a string of JSON. */
        IN_JSON
    }

    /**
     * What is sent with a request. Immutable.
     *
     * @param contentType the value of its Content-Type
     * @param text is sent as UTF-8, unless it is octets
     * @param isOctets whether each character of the text is one byte, as a form in another encoding than UTF-8 needs it
     */
    public record Body(String contentType, String text, boolean isOctets) {

        public Body {
            HeaderRule.check("Content-Type", contentType, "contentType");
            if (isOctets && text.chars().anyMatch(c -> c > 0xFF)) {
                throw new IllegalArgumentException("a text of octets has a character that is no byte");
            }
        }

        /** A body that is sent as UTF-8. */
        public Body(String contentType, String text) {
            this(contentType, text, false);
        }

        /** Returns the bytes that are sent. */
        public byte[] bytes() {
            return text.getBytes(isOctets ? ISO_8859_1 : UTF_8);
        }

        /** Returns a form as the URL Standard encodes it; a name may stand there more than once. */
        public static Body form(List<Map.Entry<String, String>> fields) {
            return new Body("application/x-www-form-urlencoded", fields.stream()
                    .map(field -> URLEncoder.encode(field.getKey(), UTF_8) + "="
                            + URLEncoder.encode(field.getValue(), UTF_8))
                    .collect(Collectors.joining("&")));
        }

        /** Returns a document of JSON, which is sent as it is. */
        public static Body json(String document) {
            return new Body("application/json", document);
        }

        /** Returns the SHA-256 of the body, in hexadecimal digits. */
        public String hash() {
            try {
                return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes()));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every JDK has SHA-256", e);
            }
        }
    }

    /** Builds a request part by part. Not thread-safe. */
    public static final class Builder {

        private final CanonicalUrl url;
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private final Map<String, Object> data = new LinkedHashMap<>();
        private Method method = Method.GET;
        private Optional<Body> body = Optional.empty();
        private Optional<String> label = Optional.empty();
        private int priority;

        private Builder(CanonicalUrl url) {
            this.url = url;
        }

        /** Sends the request by another method than GET. */
        public Builder method(Method value) {
            method = value;
            return this;
        }

        /** Adds a header to those of the job, replacing any that has this name. */
        public Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** Sends a body, as in {@code Body.form(…)}. */
        public Builder body(Body value) {
            body = Optional.of(value);
            return this;
        }

        /** Names the kind of page. */
        public Builder label(String value) {
            label = Optional.of(value);
            return this;
        }

        /** Has the host serve the request before those of a lower priority; 0 unless it is set. */
        public Builder priority(int value) {
            priority = value;
            return this;
        }

        /** Adds data: text, a number, true or false. */
        public Builder data(String name, Object value) {
            data.put(name, value);
            return this;
        }

        /**
         * Returns the request.
         *
         * @throws IllegalArgumentException if a header, the data, or a body with this method cannot be sent
         */
        public Request build() {
            if (body.isPresent() && (method == Method.GET || method == Method.HEAD)) {
                throw new IllegalArgumentException(
                        "a " + method + " has no body; send it by POST, PUT, PATCH or DELETE");
            }
            Details details = new Details(method, headers, body, priority, data);
            return Request.start(url, label).with(details.equals(Details.NONE) ? Details.NONE : details);
        }
    }

    /**
     * What a plain GET has not. Immutable.
     *
     * @param headers added to those of the job, by names whose case does not matter
     * @param priority a host serves its highest first
     * @param data the user's own: texts, numbers, true or false by name, in their order. They travel with the request
     *     to its page, and to the requests that the page leads to
     * @param identity the key by which a crawl knows the request, rather than by method, URL and body; its redirects
     *     lead to requests that are known by their own
     * @param references to secrets, in headers and body
     * @param isExternal whether it asks a link out of scope whether it works: nothing is read or followed of it, and it
     *     is known by its URL, whatever its method
     * @param picks a bit for each of the job's {@code download} entries, in their order: set if its {@code css} has
     *     picked the link
     */
    public record Details(
            Method method,
            Map<String, String> headers,
            Optional<Body> body,
            int priority,
            Map<String, Object> data,
            Optional<String> identity,
            References references,
            boolean isExternal,
            int picks) {

        /** Those of a link out of scope that is asked whether it works. */
        public static final Details EXTERNAL = external(Method.HEAD);
        /** Those of one whose server refuses HEAD. */
        public static final Details EXTERNAL_GET = external(Method.GET);

        private static Details external(Method method) {
            return new Details(method, Map.of(), Optional.empty(), 0, Map.of(), Optional.empty(), References.NONE,
                    true, 0);
        }

        /** Those of a plain GET. */
        public static final Details NONE = new Details(Method.GET, Map.of(), Optional.empty(), 0, Map.of());

        private static final int MOST_DATA = 64;
        private static final int MOST_DATA_BYTES = 8 << 10;
        /** Of this object and its parts, and of each entry of a map. */
        private static final int OWN_BYTES = 120;
        private static final int ENTRY_BYTES = 100;

        public Details {
            headers.forEach((name, value) -> HeaderRule.check(name, value, "headers." + name));
            TreeMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            sorted.putAll(headers);
            headers = Collections.unmodifiableMap(sorted);
            data = checked(data);
        }

        /** Those of a request that is known by its URL and body. */
        public Details(Method method, Map<String, String> headers, Optional<Body> body, int priority,
                Map<String, Object> data) {
            this(method, headers, body, priority, data, Optional.empty());
        }

        /** Those of a request that refers to no secret. */
        public Details(Method method, Map<String, String> headers, Optional<Body> body, int priority,
                Map<String, Object> data, Optional<String> identity) {
            this(method, headers, body, priority, data, identity, References.NONE);
        }

        /** Those of a request of the crawl's own scope. */
        public Details(Method method, Map<String, String> headers, Optional<Body> body, int priority,
                Map<String, Object> data, Optional<String> identity, References references) {
            this(method, headers, body, priority, data, identity, references, false, 0);
        }

        /** Returns those of a request that these {@code download} entries have picked, too. */
        public Details pickedBy(int entries) {
            return (picks | entries) == picks ? this
                    : new Details(method, headers, body, priority, data, identity, references, isExternal,
                            picks | entries);
        }

        /** Returns those of a request that is known by its method and this text. */
        public Details knownBy(String text) {
            return withKey(method.name() + " = " + text);
        }

        /** Returns those of a request that is known as if its URL were this one. */
        public Details knownAs(CanonicalUrl url) {
            return withKey(asItself().key(url.toString()));
        }

        private Details withKey(String key) {
            return new Details(method, headers, body, priority, data, Optional.of(key), references, isExternal, picks);
        }

        /** Returns those of a request whose headers and body have these references. */
        public Details with(References others) {
            return new Details(method, headers, body, priority, data, identity, others, isExternal, picks);
        }

        /** Returns those of a request that is known by its URL and body. */
        private Details asItself() {
            return identity.isEmpty() ? this
                    : new Details(method, headers, body, priority, data, Optional.empty(), references, isExternal,
                            picks);
        }

        /** Returns those of a GET with this data. */
        public static Details of(Map<String, Object> data) {
            return data.isEmpty() ? NONE : new Details(Method.GET, Map.of(), Optional.empty(), 0, data);
        }

        /** Returns what the requests have that a page leads to: its data. */
        public Details inherited() {
            return asksForMore() || priority != 0 || identity.isPresent() || picks != 0 ? of(data) : this;
        }

        /** Returns whether the request is more than a GET of its URL with the headers of the job. */
        public boolean asksForMore() {
            return method != Method.GET || !headers.isEmpty() || body.isPresent();
        }

        /** Returns {@link Request#key} of the request for a canonical URL. */
        public String key(String url) {
            if (identity.isPresent()) {
                return identity.get();
            }
            return isExternal || (method == Method.GET && body.isEmpty()) ? url
                    : method.name() + " " + url + body.map(sent -> " " + sent.hash()).orElse("");
        }

        /** Returns about how many bytes it takes in memory. */
        public int bytes() {
            return equals(NONE) ? 0
                    : OWN_BYTES + ENTRY_BYTES * (headers.size() + data.size()) + characters();
        }

        /** Returns about how many bytes its texts take in a file. */
        public int characters() {
            return body.map(sent -> sent.contentType().length() + sent.text().length()).orElse(0)
                    + characters(headers) + characters(data) + identity.map(String::length).orElse(0);
        }

        private static int characters(Map<String, ?> map) {
            return map.entrySet()
                    .stream()
                    .mapToInt(entry -> entry.getKey().length() + entry.getValue().toString().length())
                    .sum();
        }

        private static Map<String, Object> checked(Map<String, Object> data) {
            LinkedHashMap<String, Object> copy = new LinkedHashMap<>();
            long bytes = 0;
            for (Map.Entry<String, Object> entry : data.entrySet()) {
                Object value = scalar(entry.getKey(), entry.getValue());
                copy.put(entry.getKey(), value);
                bytes += entry.getKey().getBytes(UTF_8).length + value.toString().getBytes(UTF_8).length;
            }
            if (copy.size() > MOST_DATA || bytes > MOST_DATA_BYTES) {
                throw new IllegalArgumentException("data must have at most 64 names and 8 KiB, not " + copy.size()
                        + " names and " + bytes + " bytes");
            }
            return Collections.unmodifiableMap(copy);
        }

        /** Whole numbers are equal whatever their type was. */
        private static Object scalar(String name, Object value) {
            return switch (value) {
                case String text -> text;
                case Boolean truth -> truth;
                case Integer number -> number.longValue();
                case Long number -> number;
                case BigInteger number -> number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
                case BigDecimal number -> number.scale() == 0 ? scalar(name, number.unscaledValue()) : number;
                default -> throw new IllegalArgumentException("data." + name
                        + " must be text, a number, true or false, not a " + value.getClass().getSimpleName());
            };
        }
    }
}
