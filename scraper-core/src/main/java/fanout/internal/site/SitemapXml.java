package fanout.internal.site;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sitemaps in XML, with mistakes and all: see {@link LenientXml}. Chosen over the JDK's parsers, which stop at the
 * first mistake, and over crawler-commons' SAX reader, which also decompresses without a limit, keeps an object and a
 * log line for each entry and cannot be stopped.
 *
 * <p>There are no namespaces. A name counts if it has no prefix, or the root's; {@code image:loc} is no location,
 * whether its prefix is declared or not. An end tag that fits no open element is passed over; one that fits closes all
 * that it encloses, and an entry closes the one before it. Confined to one thread.
 */
final class SitemapXml {

    private static final int DEEPEST = 100;
    private static final Set<String> ROOTS = Set.of("urlset", "sitemapindex", "rss", "feed");
    private static final Set<String> ENTRIES = Set.of("url", "sitemap", "item", "entry");

    /** One that names or declares more is nothing that a sitemap needs. */
    private static final Pattern BARE_DOCTYPE = Pattern.compile("\\s+[^\\s\\[]++\\s*");

    private final SitemapEntries entries;
    private final Deque<String> path = new ArrayDeque<>();
    private Optional<String> rootPrefix = Optional.empty();
    private @Nullable Location location;

    /** An element whose text is a location, being read. */
    private record Location(boolean ofSitemap, int depth, StringBuilder text) {}

    SitemapXml(SitemapEntries entries) {
        this.entries = entries;
    }

    /** Reads to the end, or to where no more can be read. */
    SitemapEnding read(Reader in) throws IOException {
        LenientXml xml = new LenientXml(in);
        while (true) {
            switch (xml.next()) {
                case START -> {
                    if (rootPrefix.isEmpty() && !isKnownRoot(xml.name())) {
                        return SitemapEnding.NO_SITEMAP;
                    }
                    start(local(xml.name()), xml.content());
                    if (path.size() == DEEPEST) {
                        return SitemapEnding.cutShort("elements " + DEEPEST + " deep");
                    }
                }
                case END -> end(local(xml.name()));
                case TEXT -> append(xml.content());
                case DOCTYPE -> {
                    if (!BARE_DOCTYPE.matcher(xml.content()).matches()) {
                        return SitemapEnding.noSitemap("not read: it has a document type definition");
                    }
                }
                case END_OF_INPUT -> {
                    return ended();
                }
            }
        }
    }

    private SitemapEnding ended() {
        if (rootPrefix.isEmpty()) {
            return SitemapEnding.NO_SITEMAP;
        }
        return path.isEmpty() ? SitemapEnding.COMPLETE : SitemapEnding.cutShort("it ends before its last end tag");
    }

    private boolean isKnownRoot(String name) {
        rootPrefix = Optional.of(name.substring(0, name.indexOf(':') + 1));
        return ROOTS.contains(local(name));
    }

    private String local(String name) {
        String prefix = rootPrefix.orElse("");
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private void start(String name, String attributes) {
        if (ENTRIES.contains(name)) {
            end(name);
        }
        path.addLast(name);
        switch (String.join("/", path)) {
            case "urlset/url/loc", "rss/channel/item/link" -> begin(false);
            case "sitemapindex/sitemap/loc" -> begin(true);
            case "feed/entry/link" -> atomLink(attributes);
            default -> {
            }
        }
    }

    private void begin(boolean ofSitemap) {
        location = new Location(ofSitemap, path.size(), new StringBuilder());
    }

    private void append(String text) {
        if (location != null && location.text.length() <= SitemapEntries.LONGEST_LOCATION) {
            location.text.append(text);
        }
    }

    private void atomLink(String attributes) {
        if (Attributes.value(attributes, "rel").orElse("alternate").equals("alternate")) {
            Attributes.value(attributes, "href").ifPresent(entries::addPage);
        }
    }

    private void end(String name) {
        if (!path.contains(name)) {
            return;
        }
        String closed;
        do {
            closed = path.removeLast();
        } while (!closed.equals(name));
        if (location != null && path.size() < location.depth) {
            add(location);
            location = null;
        }
    }

    /** White space belongs to the whole text, not to the pieces that entities cut it into. */
    private void add(Location found) {
        String url = found.text.toString().strip();
        if (found.ofSitemap) {
            entries.addSitemap(url);
        } else {
            entries.addPage(url);
        }
    }
}
