package fanout.app.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server has answered. */
record Answer(int status, Map<String, String> headers, byte[] body) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Reads an answer to its end; an answer that is cut off is an error. */
    static Answer read(InputStream in) throws IOException {
        Answer head = head(in);
        byte[] body = "chunked".equals(head.headers.get("transfer-encoding")) ? chunks(in) : whole(in, head);
        return new Answer(head.status, head.headers, body);
    }

    /** Reads up to the body. */
    static Answer head(InputStream in) throws IOException {
        String first = line(in);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(first.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())), headers,
                new byte[0]);
    }

    private static byte[] whole(InputStream in, Answer head) throws IOException {
        if (head.status == 204 || head.status == 304) {
            return new byte[0];
        }
        String length = head.headers.get("content-length");
        return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] chunk = chunk(in); chunk.length > 0; chunk = chunk(in)) {
            body.writeBytes(chunk);
        }
        return body.toByteArray();
    }

    /** The next chunk; empty at the end. */
    static byte[] chunk(InputStream in) throws IOException {
        int length = Integer.parseInt(line(in), 16);
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || !line(in).isEmpty()) {
            throw new EOFException("the answer is cut off");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the answer is cut off: " + line.toString(ISO_8859_1));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    String text() {
        return new String(body, UTF_8);
    }

    JsonNode json() {
        return JSON.readTree(body);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The objects of JSON Lines. */
    List<JsonNode> rows() {
        return text().lines().map(JSON::readTree).toList();
    }
}
