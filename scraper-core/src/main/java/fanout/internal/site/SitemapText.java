package fanout.internal.site;

import java.io.IOException;
import java.io.Reader;

/** The protocol's plain text: one URL a line, UTF-8. */
final class SitemapText {

    private SitemapText() {}

    /** It is a sitemap if there is a URL in it. What was read before an IOException is in the entries. */
    static SitemapEnding read(Reader in, SitemapEntries entries) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n' || c == '\r') {
                finish(line, entries);
            } else if (line.length() <= SitemapEntries.LONGEST_LOCATION) {
                // One character too many is enough to see that the line is too long; the rest need not be kept.
                line.append((char) c);
            }
        }
        finish(line, entries);
        return entries.isEmpty() ? SitemapEnding.NO_SITEMAP : SitemapEnding.COMPLETE;
    }

    private static void finish(StringBuilder line, SitemapEntries entries) {
        String location = line.toString().strip();
        if (!location.isEmpty()) {
            entries.addPage(location);
        }
        line.setLength(0);
    }
}
