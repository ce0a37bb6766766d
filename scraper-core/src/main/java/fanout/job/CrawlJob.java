package fanout.job;

import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a crawl is asked to do. Immutable, and valid by construction: every limit is finite. Made by {@link #builder}.
 *
 * @param concurrency workers; no more fetches than this are ever in flight
 * @param flushTimeout how long writing may take after the last fetch
 * @param session empty if the crawl does not log in
 * @param keeping which bodies it keeps as files
 * @param expectations what it must bring to be a success; the crawl itself does not look at them
 */
public record CrawlJob(
        String name,
        Start start,
        Scope scope,
        Limits limits,
        int concurrency,
        Politeness politeness,
        Retries retries,
        CircuitBreaking circuitBreaker,
        Http http,
        Network network,
        Parsing parsing,
        Keeping keeping,
        Duration flushTimeout,
        Optional<Session> session,
        Expectations expectations) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    public CrawlJob {
        Require.matches(name, NAME, "name", "1 to 100 letters, digits, - and _");
        int maxUrlLength = limits.maxUrlLength();
        Require.check(start.urls().stream().allMatch(request -> request.url().length() <= maxUrlLength), "startUrls",
                "has a URL that is longer than limits.maxUrlLength, " + maxUrlLength);
        SecretRules.check(start, parsing, session, http.secrets());
        scope = scope.forHosts(start.hosts());
        Require.between(concurrency, 1, 100_000, "concurrency");
        Require.positive(flushTimeout, "output.flushTimeout");
        Require.check(http.cookies() || session.isEmpty() || !session.get().headers().texts().isEmpty(), "session",
                "needs http.cookies: true, or headers with a value of the login");
        Set<String> fields = parsing.fields()
                .entrySet()
                .stream()
                .flatMap(rule -> rule.getValue().stream().map(field -> rule.getKey() + "." + field))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        expectations.filled()
                .keySet()
                .forEach(field -> Require.check(fields.contains(field), "expect.filled",
                        "has " + field + ", and extract has " + (fields.isEmpty() ? "no field"
                                : "no such field; its "
                                        + "fields are " + String.join(", ", fields))));
    }

    /** A builder with every default set. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** A builder with every part of this job set. */
    public Builder toBuilder() {
        return new Builder(name)
                .start(start)
                .scope(scope)
                .limits(limits)
                .concurrency(concurrency)
                .politeness(politeness)
                .retries(retries)
                .circuitBreaker(circuitBreaker)
                .http(http)
                .network(network)
                .parsing(parsing)
                .keeping(keeping)
                .flushTimeout(flushTimeout)
                .session(session)
                .expectations(expectations);
    }

    /** Collects a job's parts, each with its default. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final List<Request> startUrls = new ArrayList<>();
        private int repeated;
        private final List<CanonicalUrl> sitemaps = new ArrayList<>();
        private boolean sitemapsFromRobots;
        private Start.SkippedLines skippedLines = Start.SkippedLines.NONE;
        private Scope scope = Scope.of(20);
        private Limits limits = Limits.DEFAULT;
        private int concurrency = 64;
        private Politeness politeness = Politeness.DEFAULT;
        private Retries retries = Retries.DEFAULT;
        private CircuitBreaking circuitBreaker = CircuitBreaking.DEFAULT;
        private Http http = Http.DEFAULT;
        private Network network = Network.DEFAULT;
        private Parsing parsing = Parsing.DEFAULT;
        private Keeping keeping = Keeping.NONE;
        private Duration flushTimeout = Duration.ofSeconds(30);
        private Optional<Session> session = Optional.empty();
        private Expectations expectations = Expectations.NONE;

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

        /** Reads the sitemaps that the start hosts' robots.txt name, too. */
        public Builder sitemapsFromRobots(boolean value) {
            sitemapsFromRobots = value;
            return this;
        }

        /** Reports lines of a list of start URLs that were left out. */
        public Builder skippedLines(Start.SkippedLines value) {
            skippedLines = value;
            return this;
        }

        /** Begins exactly here: replaces the start URLs and sitemaps so far. */
        public Builder start(Start value) {
            repeated = value.repeated();
            startUrls.clear();
            startUrls.addAll(value.urls());
            sitemaps.clear();
            sitemaps.addAll(value.sitemaps());
            return sitemapsFromRobots(value.sitemapsFromRobots()).skippedLines(value.skipped());
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

        public Builder parsing(Parsing value) {
            parsing = value;
            return this;
        }

        public Builder contentTypes(List<String> value) {
            return parsing(new Parsing(value, parsing.charset(), parsing.follow(), parsing.extract(),
                    parsing.keepLinks()));
        }

        /** Reads every page in this encoding: a label of the Encoding Standard. */
        public Builder charset(String value) {
            return parsing(new Parsing(parsing.contentTypes(), Optional.of(value), parsing.follow(),
                    parsing.extract(), parsing.keepLinks()));
        }

        /** Follows exactly these links; an empty list follows none. */
        public Builder follow(List<FollowRule> value) {
            return parsing(new Parsing(parsing.contentTypes(), parsing.charset(), Optional.of(value),
                    parsing.extract(), parsing.keepLinks()));
        }

        public Builder extract(List<ExtractRule> value) {
            return parsing(new Parsing(parsing.contentTypes(), parsing.charset(), parsing.follow(), value,
                    parsing.keepLinks()));
        }

        /** Has outcomes keep the links of their pages, as {@link fanout.sink.LinksFile} writes them. */
        public Builder keepLinks() {
            return parsing(new Parsing(parsing.contentTypes(), parsing.charset(), parsing.follow(), parsing.extract(),
                    true));
        }

        /** Keeps bodies as files, in the store that the crawl is given. */
        public Builder keeping(Keeping value) {
            keeping = value;
            return this;
        }

        public Builder flushTimeout(Duration value) {
            flushTimeout = value;
            return this;
        }

        /** Logs in before the first page, and again when the session has expired. */
        public Builder session(Session value) {
            return session(Optional.of(value));
        }

        private Builder session(Optional<Session> value) {
            session = value;
            return this;
        }

        /** Says what the crawl must bring; {@link fanout.Judge} compares it with the report. */
        public Builder expectations(Expectations value) {
            expectations = value;
            return this;
        }

        /**
         * The job.
         *
         * @throws IllegalArgumentException if the parts do not make one; the message begins with the job file's key
         */
        public CrawlJob build() {
            return new CrawlJob(name, new Start(startUrls, sitemaps, sitemapsFromRobots, skippedLines, repeated), scope,
                    limits,
                    concurrency,
                    politeness, retries, circuitBreaker, http, network, parsing, keeping, flushTimeout, session,
                    expectations);
        }
    }
}
