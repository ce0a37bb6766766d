package fanout.sitemap;

import fanout.limit.ParseStopped;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Sitemaps in XML, read with the JDK's pull parser. Chosen over crawler-commons' SAX reader because that one decompresses
 * without a limit, keeps an object and a log line for each entry and cannot be stopped.
 *
 * <p>Safe against hostile documents: DTDs are not supported and end the read, so there are no entities but the five of XML
 * and nothing outside is fetched; a single token of more than a million characters ends it as well, because the parser
 * would hold all of it. What was read before an error counts. Confined to one thread.
 */
final class SitemapXml {

    private static final int LONGEST_TOKEN = 1 << 20;
    private static final int DEEPEST = 100;

    private final SitemapEntries entries;
    private final Deque<String> path = new ArrayDeque<>();
    private @Nullable StringBuilder location;

    SitemapXml(SitemapEntries entries) {
        this.entries = entries;
    }

    /** Whether it is XML of a kind that lists URLs; as far as it could be read. */
    boolean read(Reader in) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        Rationed rationed = new Rationed(in);
        boolean known = false;
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(rationed);
            while (reader.hasNext() && path.size() < DEEPEST) {
                int event = reader.next();
                rationed.refill();
                if (event == XMLStreamConstants.START_ELEMENT && path.isEmpty()) {
                    known = isKnown(reader.getLocalName());
                }
                if (event == XMLStreamConstants.DTD || (!known && !path.isEmpty())) {
                    return false;
                }
                handle(event, reader);
            }
        } catch (XMLStreamException e) {
            if (e.getCause() instanceof ParseStopped stopped) {
                throw stopped;
            }
        }
        return known;
    }

    private static boolean isKnown(String root) {
        return switch (root) {
            case "urlset", "sitemapindex", "rss", "feed" -> true;
            default -> false;
        };
    }

    private void handle(int event, XMLStreamReader reader) {
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> {
                path.addLast(reader.getLocalName());
                start(String.join("/", path), reader);
            }
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                if (location != null && location.length() <= SitemapEntries.LONGEST_LOCATION) {
                    location.append(reader.getText().strip());
                }
            }
            case XMLStreamConstants.END_ELEMENT -> end();
            default -> {
            }
        }
    }

    private void start(String element, XMLStreamReader reader) {
        switch (element) {
            case "urlset/url/loc", "sitemapindex/sitemap/loc", "rss/channel/item/link" ->
                    location = new StringBuilder();
            case "feed/entry/link" -> atomLink(reader.getAttributeValue(null, "rel"),
                    reader.getAttributeValue(null, "href"));
            default -> {
            }
        }
    }

    private void atomLink(@Nullable String rel, @Nullable String href) {
        if (href != null && (rel == null || rel.equals("alternate"))) {
            entries.addPage(href);
        }
    }

    private void end() {
        if (location != null) {
            if (path.getFirst().equals("sitemapindex")) {
                entries.addSitemap(location.toString());
            } else {
                entries.addPage(location.toString());
            }
            location = null;
        }
        path.removeLast();
    }

    /** Fails when more is read than one token may be long; refilled after each. */
    private static final class Rationed extends FilterReader {

        private int left = LONGEST_TOKEN;

        private Rationed(Reader in) {
            super(in);
        }

        private void refill() {
            left = LONGEST_TOKEN;
        }

        @Override
        public int read() throws IOException {
            char[] one = new char[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(char[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            left -= Math.max(count, 0);
            if (left < 0) {
                throw new IOException("an XML token longer than " + LONGEST_TOKEN + " characters");
            }
            return count;
        }
    }
}
