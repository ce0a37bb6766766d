package fanout.job;

import fanout.url.CanonicalUrl;
import fanout.url.TextPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Which bodies a crawl keeps as files. Immutable.
 *
 * @param downloads responses that are kept and not parsed; the first entry whose conditions all hold counts
 * @param pages whether the bodies of parsed pages are kept, too
 */
public record Keeping(List<Download> downloads, boolean pages) {

    /** Keeps nothing. */
    public static final Keeping NONE = new Keeping(List.of(), false);

    /** A request remembers by a bit for each entry which of them has picked it. */
    static final int MOST_DOWNLOADS = 30;

    public Keeping {
        downloads = List.copyOf(downloads);
        Require.check(downloads.size() <= MOST_DOWNLOADS, "download",
                "must have at most " + MOST_DOWNLOADS + " entries, not " + downloads.size());
    }

    /** Returns whether any file is kept, and so needs a place. */
    public boolean keepsFiles() {
        return pages || !downloads.isEmpty();
    }

    /**
     * Returns the entries that may have the file of a request, as far as its URL and what led to it say.
     *
     * @param matching looks for a pattern in a text
     */
    public List<Download> possible(CanonicalUrl url, int picks, BiPredicate<String, TextPattern> matching) {
        List<Download> possible = new ArrayList<>();
        for (int entry = 0; entry < downloads.size(); entry++) {
            if (downloads.get(entry).takes(url.toString(), (picks & 1 << entry) != 0, matching)) {
                possible.add(downloads.get(entry));
            }
        }
        return possible;
    }

    /**
     * Returns whether a link leads to a file, and so is not skipped for its extension.
     *
     * @param picks of its request
     * @param matching looks for a pattern in a text
     */
    public boolean picks(CanonicalUrl url, int picks, BiPredicate<String, TextPattern> matching) {
        return !downloads.isEmpty() && possible(url, picks, matching).stream().anyMatch(Download::picksLinks);
    }

    /** Returns the media types, and ranges of them, that entries ask for. */
    public List<String> contentTypes() {
        return downloads.stream().flatMap(download -> download.contentTypes().stream()).toList();
    }

    /** Returns how long the longest attempt may take if a page's may take this long. */
    public Duration longest(Duration page) {
        return Stream.concat(Stream.of(page), downloads.stream().map(Download::timeout))
                .max(Duration::compareTo)
                .orElseThrow();
    }
}
