package fanout.simulation;

import fanout.job.Retries;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What users are told of requests: which of them are one, what a redirect or a link makes of them, and which are sent a
 * second time. The program's own opinion is what is judged.
 */
final class RequestRules {

    private RequestRules() {}

    /** Two requests with the same are one. */
    static String key(Request request) {
        return key(request.url().toString(), request.details());
    }

    static String key(String url, Details details) {
        return details.isExternal() ? url : key(url, details.method().name(), bodyHash(details));
    }

    /** @param bodyHash SHA-256, in hexadecimal digits */
    static String key(String url, String method, Optional<String> bodyHash) {
        return method.equals("GET") && bodyHash.isEmpty() ? url
                : method + " " + url + bodyHash.map(hash -> " with " + hash).orElse("");
    }

    private static Optional<String> bodyHash(Details details) {
        return details.body().map(body -> hash(body.text()));
    }

    /** The SHA-256 of a body, in hexadecimal digits. */
    static String hash(String body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** What is asked for where a redirect with this status leads. */
    static Details redirected(Details from, int status) {
        if (from.isExternal()) {
            return from;
        }
        return becomesGet(from.method().name(), status)
                ? new Details(Method.GET, from.headers(), Optional.empty(), from.priority(), from.data())
                : from;
    }

    /** Whether a redirect with this status makes a GET without a body of a request with this method. */
    static boolean becomesGet(String method, int status) {
        return switch (status) {
            case 301, 302 -> method.equals("POST");
            case 303 -> !method.equals("HEAD");
            default -> false;
        };
    }

    /** What is asked for where a link of a page leads. */
    static Details linked(Details from) {
        return new Details(Method.GET, Map.of(), Optional.empty(), 0, from.data());
    }

    /** Whether a visit may be followed by another for no other reason than that it failed. */
    static boolean mayRepeat(Visit visit) {
        Retries retries = visit.crawl.job().retries();
        return retries.unsafeMethods() || !visit.sent || switch (visit.details.method()) {
            case GET, HEAD, PUT, DELETE -> true;
            case POST, PATCH -> false;
        };
    }
}
