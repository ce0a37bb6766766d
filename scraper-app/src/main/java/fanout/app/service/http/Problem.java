package fanout.app.service.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a request was refused, as {@code application/problem+json} (RFC 9457). Immutable.
 *
 * @param title what the status means
 * @param detail what is wrong here, and what helps
 * @param problems the places in a document that are wrong
 * @param headers of the reply
 */
public record Problem(
        String title,
        int status,
        String detail,
        List<Place> problems,
        Map<String, String> headers) {

    public Problem {
        problems = List.copyOf(problems);
        headers = Map.copyOf(headers);
    }

    /**
     * One mistake.
     *
     * @param line from 1; 0 if the document has no lines
     * @param path the keys that lead there
     */
    public record Place(int line, int column, String path, String message) {}

    /** A problem without places. */
    public static Problem of(int status, String detail) {
        return new Problem(title(status), status, detail, List.of(), Map.of());
    }

    /** A problem with the places where it is. */
    public static Problem of(int status, String detail, List<Place> problems) {
        return new Problem(title(status), status, detail, problems, Map.of());
    }

    /** The same with a header. */
    public Problem with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Problem(title, status, detail, problems, more);
    }

    /** Returns what a status means, in the words of RFC 9110. */
    static String title(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 416 -> "Range Not Satisfiable";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 422 -> "Unprocessable Content";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            case 507 -> "Insufficient Storage";
            default -> throw new IllegalArgumentException("a status without a title: " + status);
        };
    }
}
