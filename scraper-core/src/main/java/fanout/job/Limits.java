package fanout.job;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The limits of a crawl, all of them finite. Immutable.
 *
 * @param maxPages pages with outcome ok; exact
 * @param maxUrls URLs admitted to the frontier; further ones are counted as dropped
 * @param maxUrlLength characters of a canonical URL
 * @param maxDuration the job's deadline
 * @param requestTimeout one attempt, from DNS to the last byte of the body
 * @param maxBodyBytes decoded bytes
 * @param maxFailedPercent of the URLs that were tried or given up: a crawl of which more have failed is no success;
 *     with 0, no URL may fail
 * @param maxPagesPerHost pages of one host with outcome ok; exact. Empty: {@code maxPages} alone counts
 * @param maxPagesPerLabel pages of a label with outcome ok, of all hosts together; exact. Labels that are not here have
 *     no limit of their own
 */
public record Limits(
        long maxPages,
        long maxUrls,
        int maxLinksPerPage,
        int maxUrlLength,
        Duration maxDuration,
        Duration requestTimeout,
        long maxBodyBytes,
        int maxRedirects,
        int maxFailedPercent,
        OptionalLong maxPagesPerHost,
        SortedMap<String, Long> maxPagesPerLabel) {

    /** Bodies are held as arrays, which end at 2 GiB. */
    private static final long LARGEST_BODY = 1L << 30;

    public static final Limits DEFAULT = new Limits(10_000, 1_000_000, 10_000, 8 << 10, Duration.ofHours(1),
            Duration.ofSeconds(30), 8L << 20, 5, 100);

    public Limits {
        Require.positive(maxPages, "limits.maxPages");
        Require.positive(maxUrls, "limits.maxUrls");
        Require.positive(maxLinksPerPage, "limits.maxLinksPerPage");
        Require.positive(maxUrlLength, "limits.maxUrlLength");
        Require.positive(maxDuration, "limits.maxDuration");
        Require.positive(requestTimeout, "limits.requestTimeout");
        Require.between(maxBodyBytes, 1, LARGEST_BODY, "limits.maxBodySize");
        Require.notNegative(maxRedirects, "limits.maxRedirects");
        Require.between(maxFailedPercent, 0, 100, "limits.maxFailedPercent");
        maxPagesPerHost.ifPresent(most -> Require.positive(most, "limits.maxPagesPerHost"));
        maxPagesPerLabel.forEach((label, most) -> Require.positive(most, "limits.maxPagesPerLabel." + label));
        maxPagesPerLabel = Collections.unmodifiableSortedMap(new TreeMap<>(maxPagesPerLabel));
    }

    /** Limits that no host and no label has for itself. */
    public Limits(long maxPages, long maxUrls, int maxLinksPerPage, int maxUrlLength, Duration maxDuration,
            Duration requestTimeout, long maxBodyBytes, int maxRedirects, int maxFailedPercent) {
        this(maxPages, maxUrls, maxLinksPerPage, maxUrlLength, maxDuration, requestTimeout, maxBodyBytes, maxRedirects,
                maxFailedPercent, OptionalLong.empty());
    }

    /** Limits that no label has for itself. */
    public Limits(long maxPages, long maxUrls, int maxLinksPerPage, int maxUrlLength, Duration maxDuration,
            Duration requestTimeout, long maxBodyBytes, int maxRedirects, int maxFailedPercent,
            OptionalLong maxPagesPerHost) {
        this(maxPages, maxUrls, maxLinksPerPage, maxUrlLength, maxDuration, requestTimeout, maxBodyBytes, maxRedirects,
                maxFailedPercent, maxPagesPerHost, new TreeMap<>());
    }

    /** Whether a part of the crawl has a limit of its own: pages are counted by part then. */
    public boolean countParts() {
        return maxPagesPerHost.isPresent() || !maxPagesPerLabel.isEmpty();
    }

    /** Returns the keys of the limits that parts of the crawl have, as a message names them. */
    public String partKeys() {
        String ofHosts = maxPagesPerHost.isPresent() ? "limits.maxPagesPerHost" : "";
        String ofLabels = maxPagesPerLabel.isEmpty() ? "" : "limits.maxPagesPerLabel";
        return ofHosts + (ofHosts.isEmpty() || ofLabels.isEmpty() ? "" : " or ") + ofLabels;
    }

    /** A builder with every component of this record set. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Changes single components of limits; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {

        private long maxPages;
        private long maxUrls;
        private int maxLinksPerPage;
        private int maxUrlLength;
        private Duration maxDuration;
        private Duration requestTimeout;
        private long maxBodyBytes;
        private int maxRedirects;
        private int maxFailedPercent;
        private OptionalLong maxPagesPerHost;
        private SortedMap<String, Long> maxPagesPerLabel;

        private Builder(Limits from) {
            this.maxPages = from.maxPages;
            this.maxUrls = from.maxUrls;
            this.maxLinksPerPage = from.maxLinksPerPage;
            this.maxUrlLength = from.maxUrlLength;
            this.maxDuration = from.maxDuration;
            this.requestTimeout = from.requestTimeout;
            this.maxBodyBytes = from.maxBodyBytes;
            this.maxRedirects = from.maxRedirects;
            this.maxFailedPercent = from.maxFailedPercent;
            this.maxPagesPerHost = from.maxPagesPerHost;
            this.maxPagesPerLabel = from.maxPagesPerLabel;
        }

        public Builder maxPages(long value) {
            maxPages = value;
            return this;
        }

        public Builder maxUrls(long value) {
            maxUrls = value;
            return this;
        }

        public Builder maxLinksPerPage(int value) {
            maxLinksPerPage = value;
            return this;
        }

        public Builder maxUrlLength(int value) {
            maxUrlLength = value;
            return this;
        }

        public Builder maxDuration(Duration value) {
            maxDuration = value;
            return this;
        }

        public Builder requestTimeout(Duration value) {
            requestTimeout = value;
            return this;
        }

        public Builder maxBodyBytes(long value) {
            maxBodyBytes = value;
            return this;
        }

        public Builder maxRedirects(int value) {
            maxRedirects = value;
            return this;
        }

        public Builder maxFailedPercent(int value) {
            maxFailedPercent = value;
            return this;
        }

        public Builder maxPagesPerHost(long value) {
            maxPagesPerHost = OptionalLong.of(value);
            return this;
        }

        public Builder maxPagesPerLabel(Map<String, Long> value) {
            maxPagesPerLabel = new TreeMap<>(value);
            return this;
        }

        /**
         * The record.
         *
         * @throws IllegalArgumentException if a component is out of its bounds; the message begins with the job file's
         *     key
         */
        public Limits build() {
            return new Limits(maxPages, maxUrls, maxLinksPerPage, maxUrlLength, maxDuration, requestTimeout,
                    maxBodyBytes, maxRedirects, maxFailedPercent, maxPagesPerHost, maxPagesPerLabel);
        }
    }
}
