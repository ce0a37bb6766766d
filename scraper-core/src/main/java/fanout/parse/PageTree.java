package fanout.parse;

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
record PageTree(QueryScope scope, Document document) {

    /** As deep as browsers go. Deeper elements become siblings; recursion over the document stays shallow. */
    private static final int MAX_DEPTH = 512;

    /**
     * Reads a body.
     *
     * @throws fanout.json.MalformedJson if it should be JSON and is not
     * @throws fanout.limit.ParseStopped if the thread is interrupted or the deadline has passed
     */
    static PageTree read(RawPage raw, PageCharset charset, ParseTime time) throws IOException {
        try (Reader reader = new InputStreamReader(raw.watchedBody(charset.bomLength(), time), charset.decoder())) {
            return raw.isJson() ? json(raw, reader) : markup(raw, reader);
        }
    }

    private static PageTree json(RawPage raw, Reader reader) throws IOException {
        JsonValue page = JsonReader.read(reader);
        Document nothing = Document.createShell(raw.request().url().toString());
        return new PageTree(QueryScope.ofJson(page, nothing), nothing);
    }

    private static PageTree markup(RawPage raw, Reader reader) {
        Parser parser = raw.isXml() ? Parser.xmlParser() : Parser.htmlParser();
        parser.setMaxDepth(MAX_DEPTH);
        Document document = parser.parseInput(reader, raw.request().url().toString());
        // Markup that rules extract is the page's own, not a prettier one.
        document.outputSettings().prettyPrint(false);
        return new PageTree(QueryScope.ofDocument(document), document);
    }
}
