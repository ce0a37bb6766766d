package fanout.internal.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.internal.codec.PageCharset;
import fanout.internal.json.JsonReader;
import fanout.internal.json.JsonValue;
import fanout.internal.limit.ParseTime;
import fanout.internal.markup.NeedsTree;
import fanout.internal.markup.PageScan;
import fanout.internal.parse.PageLinks.RobotsDirectives;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Optional;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * What a body was read as: its links and its title, and its tree. The tree of a page that was scanned is made when it
 * is asked for, if ever. Confined to one thread.
 */
final class PageContent {

    private final RawPage raw;
    private final LinkReading reading;
    private final ParseTime time;
    private final PageCharset charset;
    private final PageLinks links;
    private final Optional<String> title;
    private @Nullable PageTree tree;
    private @Nullable PageLinks treeLinks;

    private PageContent(RawPage raw, LinkReading reading, ParseTime time, PageCharset charset, PageLinks links,
            Optional<String> title) {
        this.raw = raw;
        this.reading = reading;
        this.time = time;
        this.charset = charset;
        this.links = links;
        this.title = title;
    }

    /**
     * How links are read. Immutable.
     *
     * @param keepsElements whether each link has the words and the rel of its element
     */
    record LinkReading(RobotsDirectives robots, boolean keepsElements) {

        private PageLinks start() {
            return new PageLinks(robots, keepsElements);
        }
    }

    /** What a page can be read as without a tree, or why it cannot. */
    sealed interface Scanned {
        record Whole(PageContent content) implements Scanned {}

        record Broken(NeedsTree reason) implements Scanned {}
    }

    /**
     * Scans a page of HTML.
     *
     * @throws fanout.internal.limit.ParseStopped if the thread is interrupted or the deadline has passed
     */
    static Scanned scan(RawPage raw, PageCharset charset, LinkReading reading, ParseTime time)
            throws IOException {
        PageText text = PageText.read(raw, charset, time);
        PageLinks links = reading.start();
        PageScan scan = new PageScan(text.octets(), text.from(), PageCharset.utf8(), links, time);
        Optional<NeedsTree> reason = scan.read();
        return reason.isPresent() ? new Scanned.Broken(reason.get())
                : new Scanned.Whole(new PageContent(raw, reading, time, charset, links, scan.title()));
    }

    /**
     * Makes the tree of a page.
     *
     * @throws fanout.internal.json.MalformedJson if it should be JSON and is not
     * @throws fanout.internal.limit.ParseStopped if the thread is interrupted or the deadline has passed
     */
    static PageContent withTree(RawPage raw, PageCharset charset, LinkReading reading, ParseTime time)
            throws IOException {
        PageTree tree = PageTree.read(raw, charset, time);
        PageLinks links = reading.start();
        PageContent content =
                new PageContent(raw, reading, time, charset, links, walk(tree, links, time).title());
        content.tree = tree;
        content.treeLinks = links;
        return content;
    }

    private static PageWalk walk(PageTree tree, PageLinks links, ParseTime time) throws IOException {
        PageWalk walk = new PageWalk(links, time);
        walk.visit(tree.document());
        return walk;
    }

    RawPage raw() {
        return raw;
    }

    PageCharset charset() {
        return charset;
    }

    /** The page's links, each at least once. */
    PageLinks links() {
        return links;
    }

    /** The text of the title element, as it is in the page. */
    Optional<String> title() {
        return title;
    }

    /** Where selectors look; makes the tree. */
    QueryScope scope() {
        return tree().scope();
    }

    /**
     * The tree, which is made now if it is the first time.
     *
     * @throws UncheckedIOException of a {@link fanout.internal.limit.ParseStopped}
     */
    PageTree tree() {
        PageTree known = tree;
        if (known == null) {
            try {
                known = PageTree.read(raw, charset, time);
                PageLinks found = reading.start();
                walk(known, found, time);
                treeLinks = found;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            tree = known;
        }
        return known;
    }

    /** The links of the tree as it was when it was made: those that were copied stand twice, as in the document. */
    PageLinks treeLinks() {
        tree();
        return treeLinks == null ? links : treeLinks;
    }

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
         * @throws fanout.internal.json.MalformedJson if it should be JSON and is not
         * @throws fanout.internal.limit.ParseStopped if the thread is interrupted or the deadline has passed
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

    /**
     * A page in UTF-8: its body, or what that becomes if it is in another encoding.
     *
     * @param from where it begins, behind a byte order mark
     */
    record PageText(byte[] octets, int from) {

        /**
         * Reads a body.
         *
         * @throws fanout.internal.limit.ParseStopped if the thread is interrupted or the deadline has passed
         */
        static PageText read(RawPage raw, PageCharset charset, ParseTime time) throws IOException {
            if (charset.isUtf8()) {
                return new PageText(raw.body(), charset.bomLength());
            }
            ByteArrayOutputStream octets = new ByteArrayOutputStream(raw.body().length);
            try (Reader reader = new InputStreamReader(raw.watchedBody(charset.bomLength(), time), charset.decoder());
                    Writer writer = new OutputStreamWriter(octets, UTF_8)) {
                reader.transferTo(writer);
            }
            return new PageText(octets.toByteArray(), 0);
        }
    }
}
