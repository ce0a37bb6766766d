package fanout.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.charset.PageCharset;
import fanout.item.QueryScope;
import fanout.json.JsonReader;
import fanout.json.JsonValue;
import fanout.limit.ParseTime;
import fanout.limit.WatchedInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;

/**
 * What a body was read as. Confined to one thread.
 *
 * @param scope where selectors look
 * @param document of a page that is JSON, one with nothing in it
 */
record PageContent(QueryScope scope, Document document, PageCharset charset) {

    /** As deep as browsers go. Deeper elements become siblings; recursion over the document stays shallow. */
    private static final int MAX_DEPTH = 512;

    private static final int UTF_8_BOM = 3;
    /** JSON is UTF-8 (RFC 8259, 8.1), whatever a header says. */
    private static final PageCharset JSON_CHARSET = new PageCharset(UTF_8.name(), UTF_8, 0);

    /**
     * Reads a body.
     *
     * @throws fanout.json.MalformedJson if it should be JSON and is not
     * @throws fanout.limit.ParseStopped if the thread is interrupted or the deadline has passed
     */
    static PageContent read(RawPage raw, ParseTime time) throws IOException {
        return isJson(raw) ? json(raw, time) : markup(raw, time);
    }

    static boolean isJson(RawPage raw) {
        return raw.head().contentType().filter(type -> type.endsWith("/json") || type.endsWith("+json")).isPresent();
    }

    private static PageContent json(RawPage raw, ParseTime time) throws IOException {
        byte[] body = raw.body();
        boolean hasBom = body.length >= UTF_8_BOM && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB
                && body[2] == (byte) 0xBF;
        try (Reader reader = new InputStreamReader(watched(raw, hasBom ? UTF_8_BOM : 0, time), UTF_8)) {
            JsonValue page = JsonReader.read(reader);
            Document nothing = Document.createShell(raw.request().url().toString());
            return new PageContent(QueryScope.ofJson(page, nothing), nothing, JSON_CHARSET);
        }
    }

    private static PageContent markup(RawPage raw, ParseTime time) throws IOException {
        PageCharset charset = PageCharset.detect(raw.contentType(), raw.body());
        Parser parser = isXml(raw) ? Parser.xmlParser() : Parser.htmlParser();
        parser.setMaxDepth(MAX_DEPTH);
        try (Reader reader = new InputStreamReader(watched(raw, charset.bomLength(), time), charset.decoder())) {
            Document document = parser.parseInput(reader, raw.request().url().toString());
            // Markup that rules extract is the page's own, not a prettier one.
            document.outputSettings().prettyPrint(false);
            return new PageContent(QueryScope.ofDocument(document), document, charset);
        }
    }

    private static InputStream watched(RawPage raw, int from, ParseTime time) {
        InputStream body = new ByteArrayInputStream(raw.body(), from, raw.body().length - from);
        return new WatchedInput(body, raw.body().length, time);
    }

    /** XHTML is read as browsers read it: there {@code <script src="…"/>} is a whole element. */
    private static boolean isXml(RawPage raw) {
        return raw.head().contentType().filter(type -> type.endsWith("+xml") || type.endsWith("/xml")).isPresent();
    }
}
