package fanout.job;

import java.time.Duration;

/**
 * What a crawl may use up. All finite.
 *
 * @param maxPages pages with outcome ok; exact
 * @param maxUrls URLs admitted to the frontier; further ones are counted as dropped
 * @param maxUrlLength characters of a canonical URL
 * @param maxDuration the job's deadline
 * @param requestTimeout one attempt, from DNS to the last byte of the body
 * @param maxBodyBytes decoded bytes
 */
public record Limits(
        long maxPages,
        long maxUrls,
        int maxLinksPerPage,
        int maxUrlLength,
        Duration maxDuration,
        Duration requestTimeout,
        long maxBodyBytes,
        int maxRedirects) {

    /** Bodies are held as arrays, which end at 2 GiB. */
    private static final long LARGEST_BODY = 1L << 30;

    public static final Limits DEFAULT = new Limits(10_000, 1_000_000, 10_000, 8 << 10, Duration.ofHours(1),
            Duration.ofSeconds(30), 8L << 20, 5);

    public Limits {
        Require.positive(maxPages, "limits.maxPages");
        Require.positive(maxUrls, "limits.maxUrls");
        Require.positive(maxLinksPerPage, "limits.maxLinksPerPage");
        Require.positive(maxUrlLength, "limits.maxUrlLength");
        Require.positive(maxDuration, "limits.maxDuration");
        Require.positive(requestTimeout, "limits.requestTimeout");
        Require.between(maxBodyBytes, 1, LARGEST_BODY, "limits.maxBodySize");
        Require.notNegative(maxRedirects, "limits.maxRedirects");
    }
}
