package fanout.job;

import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a crawl is asked to do. Immutable, valid by construction: every limit is finite. Made by {@link #builder}.
 *
 * @param startUrls requests at depth 0; may be empty if there are sitemaps
 * @param sitemapsFromRobots whether the sitemaps that the start hosts' robots.txt name are read, too
 * @param concurrency workers; no more fetches than this are ever in flight
 * @param contentTypes media types that are read and parsed
 * @param follow empty: the standard link set; a list: exactly these
 * @param flushTimeout how long writing may go on after the last fetch
 */
public record CrawlJob(
        String name,
        List<Request> startUrls,
        List<CanonicalUrl> sitemaps,
        boolean sitemapsFromRobots,
        Scope scope,
        Limits limits,
        int concurrency,
        Politeness politeness,
        Retries retries,
        CircuitBreaking circuitBreaker,
        Http http,
        Network network,
        List<String> contentTypes,
        Optional<List<FollowRule>> follow,
        List<ExtractRule> extract,
        Duration flushTimeout) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    public CrawlJob {
        Require.matches(name, NAME, "name", "1 to 100 letters, digits, - and _");
        LinkedHashMap<CanonicalUrl, Request> distinct = new LinkedHashMap<>();
        startUrls.forEach(start -> distinct.putIfAbsent(start.url(), start));
        startUrls = List.copyOf(distinct.values());
        sitemaps = sitemaps.stream().distinct().toList();
        Require.check(!startUrls.isEmpty() || !sitemaps.isEmpty(), "startUrls",
                "must name at least one URL, unless sitemaps does");
        int maxUrlLength = limits.maxUrlLength();
        Require.check(startUrls.stream().allMatch(start -> start.url().length() <= maxUrlLength), "startUrls",
                "has a URL that is longer than limits.maxUrlLength, " + maxUrlLength);
        scope = scope.forHosts(startUrls.isEmpty()
                ? sitemaps.stream().map(CanonicalUrl::host)
                : startUrls.stream().map(start -> start.url().host()));
        Require.between(concurrency, 1, 100_000, "concurrency");
        contentTypes = contentTypes.stream().map(type -> type.toLowerCase(Locale.ROOT)).toList();
        follow = follow.map(List::copyOf);
        extract = List.copyOf(extract);
        Require.positive(flushTimeout, "output.flushTimeout");
    }

    /** A builder with every default set. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** Collects a job's parts, each with its default. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final java.util.ArrayList<Request> startUrls = new java.util.ArrayList<>();
        private final java.util.ArrayList<CanonicalUrl> sitemaps = new java.util.ArrayList<>();
        private boolean sitemapsFromRobots;
        private Scope scope = Scope.of(20);
        private Limits limits = Limits.DEFAULT;
        private int concurrency = 64;
        private Politeness politeness = Politeness.DEFAULT;
        private Retries retries = Retries.DEFAULT;
        private CircuitBreaking circuitBreaker = CircuitBreaking.DEFAULT;
        private Http http = new Http(UserAgent.DEFAULT, Map.of(), true, Optional.empty());
        private Network network = Network.DEFAULT;
        private List<String> contentTypes = List.of("text/html", "application/xhtml+xml");
        private Optional<List<FollowRule>> follow = Optional.empty();
        private List<ExtractRule> extract = List.of();
        private Duration flushTimeout = Duration.ofSeconds(30);

        private Builder(String name) {
            this.name = name;
        }

        /** Adds a start URL. */
        public Builder startUrl(String url) {
            return startUrl(Request.start(CanonicalUrl.of(url), Optional.empty()));
        }

        /** Adds a start URL that may carry a label. */
        public Builder startUrl(Request start) {
            startUrls.add(start);
            return this;
        }

        /** Adds a sitemap. */
        public Builder sitemap(CanonicalUrl sitemap) {
            sitemaps.add(sitemap);
            return this;
        }

        public Builder sitemapsFromRobots(boolean value) {
            sitemapsFromRobots = value;
            return this;
        }

        public Builder scope(Scope value) {
            scope = value;
            return this;
        }

        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        public Builder concurrency(int value) {
            concurrency = value;
            return this;
        }

        public Builder politeness(Politeness value) {
            politeness = value;
            return this;
        }

        public Builder retries(Retries value) {
            retries = value;
            return this;
        }

        public Builder circuitBreaker(CircuitBreaking value) {
            circuitBreaker = value;
            return this;
        }

        public Builder http(Http value) {
            http = value;
            return this;
        }

        public Builder network(Network value) {
            network = value;
            return this;
        }

        public Builder contentTypes(List<String> value) {
            contentTypes = value;
            return this;
        }

        /** Follows exactly these links; an empty list follows none. */
        public Builder follow(List<FollowRule> value) {
            follow = Optional.of(value);
            return this;
        }

        public Builder extract(List<ExtractRule> value) {
            extract = value;
            return this;
        }

        public Builder flushTimeout(Duration value) {
            flushTimeout = value;
            return this;
        }

        /**
         * The job.
         *
         * @throws IllegalArgumentException if the parts do not make one; the message begins with the job file's key
         */
        public CrawlJob build() {
            return new CrawlJob(name, startUrls, sitemaps, sitemapsFromRobots, scope, limits, concurrency, politeness,
                    retries, circuitBreaker, http, network, contentTypes, follow, extract, flushTimeout);
        }
    }
}
