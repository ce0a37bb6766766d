package fanout.app.service.http;

import fanout.app.json.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A request, as handlers see it. Confined to the thread that answers it. */
public final class ServiceRequest {

    private static final int SMALL_BODY = 16 << 10;

    private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii");

    private final RequestHead head;
    private final RequestBody content;
    private final Client client;
    private final Waiting waiting;
    private final Door door;
    private final List<String> variables;
    private final QueryParameters query;

    /**
     * A request.
     *
     * @param waiting asked while the answer is made
     * @param parameters the query parameters that may be there
     * @param variables the path's segments that stand in braces in the route's pattern
     */
    ServiceRequest(RequestHead head, RequestBody content, Client client, Waiting waiting, Door door,
            Set<String> parameters, List<String> variables) throws RefusedException {
        this.head = head;
        this.content = content;
        this.client = client;
        this.waiting = waiting;
        this.door = door;
        this.variables = List.copyOf(variables);
        this.query = QueryParameters.parse(head.query(), parameters);
    }

    /** Looks at the connection while an answer is made. */
    @FunctionalInterface
    interface Waiting {
        void check() throws IOException;
    }

    /**
     * Checks that the client still waits for its answer, and gives the request its whole time again. An answer that
     * takes long to make calls it now and then.
     *
     * @throws IOException if the client has gone
     */
    public void checkWaiting() throws IOException {
        waiting.check();
    }

    /** Who may make it. */
    public Door door() {
        return door;
    }

    public String method() {
        return head.method();
    }

    /** Returns where it comes from. */
    public Client client() {
        return client;
    }

    /** The path's segment that stands in braces in the route's pattern, the first one. */
    public String variable() {
        return variables.getFirst();
    }

    public QueryParameters query() {
        return query;
    }

    /** A header; the first of them, if there are several. */
    public Optional<String> header(String name) {
        return head.first(name);
    }

    /** All headers of a name. */
    public List<String> headers(String name) {
        return head.all(name);
    }

    /** A cookie's value. */
    public Optional<String> cookie(String name) {
        for (String header : headers("Cookie")) {
            for (String pair : header.split(";", -1)) {
                if (pair.strip().startsWith(name + "=")) {
                    return Optional.of(pair.strip().substring(name.length() + 1));
                }
            }
        }
        return Optional.empty();
    }

    /** The media type of the body, lower-case and without parameters; empty if none is given. */
    public String mediaType() {
        return parameters().getFirst();
    }

    /** The parts of Content-Type between its semicolons, lower-case. */
    private List<String> parameters() {
        return Arrays.stream(header("Content-Type").orElse("").split(";", -1))
                .map(part -> part.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * The whole body.
     *
     * @param types the media types of which it must be
     * @param most bytes
     * @throws RefusedException 415 if it is of another type or not in UTF-8, 413 if it is longer
     */
    public byte[] body(Set<String> types, int most) throws RefusedException, IOException {
        if (!types.contains(mediaType())) {
            throw new RefusedException(415,
                    "Content-Type must be " + String.join(" or ", types.stream().sorted().toList())
                            + (mediaType().isEmpty() ? "; it is missing" : ", not " + mediaType()));
        }
        for (String parameter : parameters()) {
            if (parameter.startsWith("charset=")
                    && !CHARSETS.contains(parameter.substring("charset=".length()).replace("\"", ""))) {
                throw new RefusedException(415, "the body must be in UTF-8, not " + parameter);
            }
        }
        if (header("Content-Encoding").filter(coding -> !coding.equalsIgnoreCase("identity")).isPresent()) {
            throw new RefusedException(415, "the body must not be compressed");
        }
        if (head.length() > most) {
            throw new RefusedException(413, "the body is longer than " + most + " bytes");
        }
        byte[] body = content.readNBytes(most + 1);
        if (body.length > most) {
            throw new RefusedException(413, "the body is longer than " + most + " bytes");
        }
        return body;
    }

    /**
     * A small JSON object.
     *
     * @param known its members; others are refused
     * @return an empty object if there is no body
     */
    public JsonNode object(Set<String> known) throws RefusedException, IOException {
        boolean missing = header("Content-Type").isEmpty() && head.length() == 0;
        byte[] body = missing ? new byte[]{'{', '}'} : body(Set.of(Reply.JSON), SMALL_BODY);
        JsonNode read = Json.read(body)
                .filter(JsonNode::isObject)
                .orElseThrow(() -> new RefusedException(400, "the body must be a JSON object"));
        for (Map.Entry<String, JsonNode> member : read.properties()) {
            if (!known.contains(member.getKey())) {
                throw new RefusedException(400, "there is no member \"" + member.getKey() + "\" here; "
                        + (known.isEmpty() ? "the object must be empty"
                                : "there are " + String.join(", ", known.stream().sorted().toList())));
            }
        }
        return read;
    }
}
