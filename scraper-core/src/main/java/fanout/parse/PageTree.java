package fanout.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.charset.PageCharset;
import fanout.item.QueryScope;
import fanout.json.JsonReader;
import fanout.json.JsonValue;
import fanout.limit.ParseTime;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;

/**
 * A page as a tree. Confined to one thread.
 *
 * @param scope where selectors look
 * @param document of a page that is JSON, one with nothing in it
 */
record PageTree(QueryScope scope, Document document, PageCharset charset) {

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
    static PageTree read(RawPage raw, ParseTime time) throws IOException {
        return raw.isJson() ? json(raw, time) : markup(raw, time);
    }

    private static PageTree json(RawPage raw, ParseTime time) throws IOException {
        byte[] body = raw.body();
        boolean hasBom = body.length >= UTF_8_BOM && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB
                && body[2] == (byte) 0xBF;
        try (Reader reader = new InputStreamReader(raw.watchedBody(hasBom ? UTF_8_BOM : 0, time), UTF_8)) {
            JsonValue page = JsonReader.read(reader);
            Document nothing = Document.createShell(raw.request().url().toString());
            return new PageTree(QueryScope.ofJson(page, nothing), nothing, JSON_CHARSET);
        }
    }

    private static PageTree markup(RawPage raw, ParseTime time) throws IOException {
        PageCharset charset = PageCharset.detect(raw.contentType(), raw.body());
        Parser parser = raw.isXml() ? Parser.xmlParser() : Parser.htmlParser();
        parser.setMaxDepth(MAX_DEPTH);
        try (Reader reader = new InputStreamReader(raw.watchedBody(charset.bomLength(), time), charset.decoder())) {
            Document document = parser.parseInput(reader, raw.request().url().toString());
            // Markup that rules extract is the page's own, not a prettier one.
            document.outputSettings().prettyPrint(false);
            return new PageTree(QueryScope.ofDocument(document), document, charset);
        }
    }
}
