package fanout.app.run;

import fanout.app.terminal.Plural;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import java.util.List;
import java.util.Locale;

/** What a summary says about sitemaps that could not be read, or not to their end: pages that only they list are missing. */
final class FailedSitemaps {

    private FailedSitemaps() {}

    /** How many failed, and the first of them; nothing if none did. */
    static List<String> words(Sitemaps sitemaps) {
        if (sitemaps.failed() == 0) {
            return List.of();
        }
        String count = String.format(Locale.ROOT, "  %s could not be read, or not to the end",
                Plural.of(sitemaps.failed(), "sitemap"));
        return sitemaps.failures().isEmpty()
                ? List.of(count)
                : List.of(count + (sitemaps.failed() > 1 ? "; the report names them, the first is" : ""),
                        words(sitemaps.failures().getFirst()));
    }

    private static String words(FailedSitemap first) {
        return "    " + first.url() + ": " + first.reason() + ", " + first.detail();
    }
}
