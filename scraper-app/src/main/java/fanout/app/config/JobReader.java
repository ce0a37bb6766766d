package fanout.app.config;

import com.google.re2j.Pattern;
import fanout.job.Cidr;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.job.Retries;
import fanout.job.UserAgent;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the keys of a job, and their defaults. The code is in the order of the documentation. */
final class JobReader {

    private static final Duration POSITIVE = Duration.ofNanos(1);
    private static final long MANY = 1_000_000_000_000L;

    private final Problems problems;

    JobReader(Problems problems) {
        this.problems = problems;
    }

    JobFile read(YamlNode.Mapping root) throws BadJobException {
        Optional<CrawlJob> job;
        Outputs outputs;
        try (Section section = new Section(root, problems)) {
            section.integer("version", 1, 1, 1);
            String name = section.text("name").orElseGet(() -> {
                if (section.node("name").isEmpty()) {
                    problems.add(root.at(), "name is missing");
                }
                return "unnamed";
            });
            CrawlJob.Builder builder = CrawlJob.builder(name);
            section.list("startUrls", this::startUrl).forEach(builder::startUrl);
            sitemaps(section, builder);
            section(section, "scope", this::scope).ifPresent(builder::scope);
            section(section, "limits", this::limits).ifPresent(builder::limits);
            builder.concurrency(section.integer("concurrency", 64, 1, 100_000));
            section(section, "politeness", politeness -> new PolitenessReader(problems).read(politeness))
                    .ifPresent(builder::politeness);
            section(section, "retries", this::retries).ifPresent(builder::retries);
            section(section, "circuitBreaker", this::circuitBreaker).ifPresent(builder::circuitBreaker);
            section(section, "http", this::http).ifPresent(builder::http);
            section(section, "network", this::network).ifPresent(builder::network);
            try (Section parse = section.section("parse")) {
                if (parse.node("contentTypes").isPresent()) {
                    builder.contentTypes(parse.texts("contentTypes"));
                }
            }
            ExtractReader extract = new ExtractReader(problems);
            if (section.node("follow").isPresent()) {
                builder.follow(section.list("follow", extract::followRule));
            }
            builder.extract(section.list("extract", extract::extractRule));
            try (Section output = section.section("output")) {
                builder.flushTimeout(output.duration("flushTimeout", Duration.ofSeconds(30), POSITIVE));
                outputs = new OutputsReader(problems).read(output, name);
            }
            job = section.make(builder::build);
        }
        problems.check();
        return new JobFile(job.orElseThrow(), outputs);
    }

    /** Reads a section, and closes it, so that unknown keys are told. */
    private static <T> Optional<T> section(Section parent, String key, Function<Section, Optional<T>> read) {
        try (Section section = parent.section(key)) {
            return read.apply(section);
        }
    }

    private Optional<Request> startUrl(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            return url(node, "startUrls").map(url -> Request.start(url, Optional.empty()));
        }
        try (Section section = new Section(mapping, problems)) {
            Optional<String> label = section.text("label");
            Optional<YamlNode> url = section.node("url");
            if (url.isEmpty()) {
                problems.add(mapping.at(), "url is missing");
            }
            return url.flatMap(found -> url(found, "url")).map(found -> Request.start(found, label));
        }
    }

    private void sitemaps(Section section, CrawlJob.Builder builder) {
        Optional<YamlNode> node = section.node("sitemaps");
        if (node.isPresent() && node.get() instanceof YamlNode.Scalar scalar && scalar.text().equals("auto")) {
            builder.sitemapsFromRobots(true);
        } else {
            section.list("sitemaps", element -> url(element, "sitemaps")).forEach(builder::sitemap);
        }
    }

    private Optional<CanonicalUrl> url(YamlNode node, String key) {
        if (!(node instanceof YamlNode.Scalar scalar) || !scalar.isText()) {
            problems.add(node.at(), key + " must be a URL, not " + node.kind());
            return Optional.empty();
        }
        Optional<CanonicalUrl> url = CanonicalUrl.parse(scalar.text());
        if (url.isEmpty()) {
            boolean secret = scalar.text().contains("@"); // perhaps a password, which is not for logs
            problems.add(node.at(), key + " must be an absolute http or https URL without user name and password"
                    + (secret ? "" : ", not " + scalar.text()));
        }
        return url;
    }

    private Optional<Scope> scope(Section section) {
        List<Scope.Domain> domains = section.list("allowedDomains", node -> section.text(node, "allowedDomains")
                .flatMap(text -> problems.at(node.at(), () -> Scope.Domain.parse(text))));
        List<Pattern> include = section.list("include", node -> pattern(section, node, "include"));
        List<Pattern> exclude = section.list("exclude", node -> pattern(section, node, "exclude"));
        int maxDepth = section.integer("maxDepth", 20, 0, 1_000_000);
        return section.make(() -> new Scope(domains, Set.of(), include, exclude, maxDepth));
    }

    private Optional<Pattern> pattern(Section section, YamlNode node, String key) {
        return section.text(node, key).flatMap(text -> problems.at(node.at(), () -> Patterns.compile(text)));
    }

    private Optional<Limits> limits(Section section) {
        Limits standard = Limits.DEFAULT;
        long maxPages = section.integer("maxPages", standard.maxPages(), 1, MANY);
        long maxUrls = section.integer("maxUrls", standard.maxUrls(), 1, MANY);
        int maxLinksPerPage = section.integer("maxLinksPerPage", standard.maxLinksPerPage(), 1, Integer.MAX_VALUE);
        int maxUrlLength = (int) section.size("maxUrlLength", standard.maxUrlLength(), Integer.MAX_VALUE);
        Duration maxDuration = section.duration("maxDuration", standard.maxDuration(), POSITIVE);
        Duration requestTimeout = section.duration("requestTimeout", standard.requestTimeout(), POSITIVE);
        long maxBodyBytes = section.size("maxBodySize", standard.maxBodyBytes(), 1L << 30);
        int maxRedirects = section.integer("maxRedirects", standard.maxRedirects(), 0, 1000);
        return section
                .make(() -> new Limits(maxPages, maxUrls, maxLinksPerPage, maxUrlLength, maxDuration, requestTimeout,
                        maxBodyBytes, maxRedirects));
    }

    private Optional<Retries> retries(Section section) {
        int maxAttempts = section.integer("maxAttempts", Retries.DEFAULT.maxAttempts(), 1, 1000);
        Duration backoff = section.duration("backoff", Retries.DEFAULT.backoff(), POSITIVE);
        Duration maxBackoff = section.duration("maxBackoff", Retries.DEFAULT.maxBackoff(), POSITIVE);
        return section.make(() -> new Retries(maxAttempts, backoff, maxBackoff));
    }

    private Optional<CircuitBreaking> circuitBreaker(Section section) {
        CircuitBreaking standard = CircuitBreaking.DEFAULT;
        int rate = section.integer("failureRateThreshold", standard.failureRateThreshold(), 1, 100);
        int window = section.integer("window", standard.window(), 1, 1000);
        Duration openFor = section.duration("openFor", standard.openFor(), POSITIVE);
        int maxOpenings = section.integer("maxOpenings", standard.maxOpenings(), 1, 1_000_000);
        return section.make(() -> new CircuitBreaking(rate, window, openFor, maxOpenings));
    }

    private Optional<Http> http(Section section) {
        String userAgent = section.text("userAgent").orElse(UserAgent.DEFAULT);
        Map<String, String> headers = new LinkedHashMap<>();
        section.entries("headers").forEach((key, value) -> section.text(value, key.text()).ifPresent(text -> {
            // One at a time, so that each says where it stands.
            problems.at(value.at(), () -> new Http(UserAgent.DEFAULT, Map.of(key.text(), text), true, Optional.empty()))
                    .ifPresent(_ -> headers.put(key.text(), text));
        }));
        boolean cookies = section.flag("cookies", true);
        Optional<Http.Proxy> proxy = section.node("proxy").flatMap(node -> proxy(section, node));
        return section.make(() -> new Http(userAgent, headers, cookies, proxy));
    }

    private Optional<Http.Proxy> proxy(Section section, YamlNode node) {
        return section.text(node, "proxy").flatMap(text -> {
            Optional<CanonicalUrl> url = CanonicalUrl.parse(text)
                    .filter(parsed -> parsed.scheme().equals("http") && parsed.pathAndQuery().equals("/"));
            if (url.isEmpty()) {
                problems.add(node.at(),
                        "proxy must be that of an HTTP proxy, as in http://127.0.0.1:3128, not " + text);
            }
            return url.map(found -> new Http.Proxy(found.host().name(), found.host().port()));
        });
    }

    private Optional<Network> network(Section section) {
        boolean allowPrivate = section.flag("allowPrivateAddresses", false);
        List<Cidr> cidrs = section.list("allowedCidrs", node -> section.text(node, "allowedCidrs")
                .flatMap(text -> problems.at(node.at(), () -> Cidr.parse(text))));
        return section.make(() -> new Network(allowPrivate, cidrs));
    }
}
