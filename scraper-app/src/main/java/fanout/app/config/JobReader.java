package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.re2j.Pattern;
import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.Cidr;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import fanout.url.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a job of a document that the schema has checked, and checks what no schema can: URLs, domains, patterns, selectors,
 * addresses, paths, and how values fit together. In the order of the documentation.
 */
record JobReader(Problems problems, JobPaths paths, Optional<InputStream> standardInput, ValueReader values) {

    private static final String NAMELESS = "unnamed";
    private static final long MOST_BYTES = 256L << 20;
    private static final int MOST_PROBLEMS = 20;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** @param standardInput empty if the job was read from it */
    JobReader(Problems problems, JobPaths paths, Optional<InputStream> standardInput) {
        this(problems, paths, standardInput, new ValueReader(problems));
    }

    /** Returns the job; empty only if there are problems. */
    Optional<JobFile> read(Section section) {
        String name = section.text("name").orElse(NAMELESS); // of a job that has a problem
        CrawlJob.Builder builder = CrawlJob.builder(name);
        List<Request> startUrls =
                section.elements("startUrls").stream().flatMap(node -> startUrl(section, node).stream()).toList();
        startUrls.forEach(builder::startUrl);
        List<Request> ofFile = section.scalar("startUrlsFile").map(this::startUrlsFile).orElse(List.of());
        ofFile.forEach(builder::startUrl);
        boolean auto = section.scalar("sitemaps").isPresent();
        builder.sitemapsFromRobots(auto);
        List<CanonicalUrl> sitemaps = section.texts("sitemaps", node -> values.url(node, "sitemaps"));
        sitemaps.forEach(builder::sitemap);
        scope(section.section("scope")).ifPresent(builder::scope);
        limits(section.section("limits")).ifPresent(builder::limits);
        builder.concurrency(section.smallInteger("concurrency"));
        politeness(section.section("politeness")).ifPresent(builder::politeness);
        retries(section.section("retries")).ifPresent(builder::retries);
        circuitBreaker(section.section("circuitBreaker")).ifPresent(builder::circuitBreaker);
        new HttpReader(problems, paths).read(section.section("http")).ifPresent(builder::http);
        network(section.section("network"), problems).ifPresent(builder::network);
        Section parse = section.section("parse");
        builder.contentTypes(parse.texts("contentTypes").stream().map(YamlNode.Scalar::text).toList());
        parse.scalar("charset").flatMap(values::charset).ifPresent(builder::charset);
        ExtractReader extract = new ExtractReader(problems, values);
        if (section.has("follow")) {
            builder.follow(section.sections("follow", extract::followRule));
        }
        builder.extract(section.sections("extract", extract::extractRule));
        Section output = section.section("output");
        builder.flushTimeout(output.duration("flushTimeout"));
        Outputs outputs = new OutputsReader(problems, paths).read(output, name);
        boolean nowhere = startUrls.isEmpty() && ofFile.isEmpty() && sitemaps.isEmpty();
        boolean isReported = nowhere && !auto && !problems.isEmpty()
                && (section.scalar("startUrlsFile").isPresent()
                        || (!section.isEmpty("startUrls") && !section.isEmpty("sitemaps")));
        return isReported ? Optional.empty()
                : section.make(builder::build)
                        .map(job -> new JobFile(job, outputs, JobWarnings.of(section, job)));
    }

    private Optional<Request> startUrl(Section job, YamlNode node) {
        Optional<Section> section = job.element("startUrls", node);
        return section.isPresent() ? new RequestReader(problems, values).read(section.get(), "startUrls")
                : node.asScalar()
                        .flatMap(text -> values.url(text, "startUrls"))
                        .map(url -> Request.start(url, Optional.empty()));
    }

    /**
     * Reads {@code startUrlsFile}: one URL a line, in UTF-8; empty lines and those that begin with # say nothing. {@code -} is
     * standard input, unless the job itself comes from there.
     */
    private List<Request> startUrlsFile(YamlNode.Scalar node) {
        return node.text().equals("-") ? ofStandardInput(node)
                : paths.input(node, "startUrlsFile").map(file -> ofFile(node, file)).orElse(List.of());
    }

    private List<Request> ofStandardInput(YamlNode.Scalar node) {
        if (standardInput.isEmpty()) {
            return refused(node, "startUrlsFile: standard input is the job itself; name a file");
        }
        try {
            return lines(node, "standard input", standardInput.get());
        } catch (CharacterCodingException e) {
            return refused(node, "startUrlsFile: standard input is not UTF-8");
        } catch (IOException e) {
            return refused(node, "startUrlsFile: cannot read standard input: " + e.getMessage());
        }
    }

    private List<Request> ofFile(YamlNode.Scalar node, Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                return refused(node, "startUrlsFile " + file + " is longer than 256 MiB");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return lines(node, file.toString(), in);
            }
        } catch (CharacterCodingException e) {
            return refused(node, "startUrlsFile " + file + " is not UTF-8; save it as UTF-8");
        } catch (IOException e) {
            return refused(node, paths.unreadable(node, "startUrlsFile", file, e));
        }
    }

    private List<Request> refused(YamlNode.Scalar node, String problem) {
        problems.add(node.at(), problem);
        return List.of();
    }

    /** Reads a URL of each line. The caller closes what it gave. */
    private List<Request> lines(YamlNode.Scalar node, String name, InputStream in) throws IOException {
        List<Request> starts = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8.newDecoder()));
        int wrong = 0;
        int number = 0;
        for (String line = reader.readLine(); line != null && wrong < MOST_PROBLEMS; line = reader.readLine()) {
            number++;
            boolean marked = number == 1 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK;
            String text = (marked ? line.substring(1) : line).strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                Optional<CanonicalUrl> url = CanonicalUrl.parse(text);
                url.ifPresent(start -> starts.add(Request.start(start, Optional.empty())));
                if (url.isEmpty()) {
                    wrong++;
                    problems.add(node.at(), name + ", line " + number
                            + ": must be an absolute http or https URL without user name and password"
                            + (text.contains("@") ? "" : ", not \"" + text + "\""));
                }
            }
        }
        if (starts.isEmpty() && wrong == 0) {
            problems.add(node.at(), "startUrlsFile " + name + " holds no URL");
        }
        return starts;
    }

    private Optional<Scope> scope(Section section) {
        List<Scope.Domain> domains = section.texts("allowedDomains",
                node -> problems.at(node.at(), () -> Scope.Domain.parse(node.text())));
        List<Pattern> include = section.texts("include", values::pattern);
        List<Pattern> exclude = section.texts("exclude", values::pattern);
        return section.make(() -> new Scope(domains, Set.of(), include, exclude, section.smallInteger("maxDepth")));
    }

    static Optional<Limits> limits(Section section) {
        return section.make(() -> new Limits(
                section.integer("maxPages"), section.integer("maxUrls"), section.smallInteger("maxLinksPerPage"),
                Math.toIntExact(section.size("maxUrlLength")), section.duration("maxDuration"),
                section.duration("requestTimeout"), section.size("maxBodySize"), section.smallInteger("maxRedirects"),
                section.smallInteger("maxFailedPercent")));
    }

    /** Reads the manners for all hosts, and overrides per host. */
    private Optional<Politeness> politeness(Section section) {
        Optional<Manners> manners = manners(section);
        Duration maxRetryAfter = section.duration("maxRetryAfter");
        boolean obeyRobots = section.flag("obeyRobots");
        boolean obeyNofollow = section.flag("obeyNofollow");
        Duration maxCrawlDelay = section.duration("maxCrawlDelay");
        int perSecond = section.smallInteger("maxRequestsPerSecond");
        Map<String, Manners> hosts = new LinkedHashMap<>();
        Map<String, DocumentPosition> places = new HashMap<>();
        section.entries("hosts").forEach((host, node) -> host(section, host, node, hosts, places));
        return manners.flatMap(general -> section.make(() -> new Politeness(general, maxRetryAfter, obeyRobots,
                obeyNofollow, maxCrawlDelay, perSecond, hosts)));
    }

    private void host(Section general, YamlNode.Scalar host, YamlNode node, Map<String, Manners> hosts,
            Map<String, DocumentPosition> places) {
        Optional<Manners> manners = manners(general.chosen("hosts", node).over(general));
        problems.at(host.at(), () -> Scope.Domain.parse(host.text())).ifPresent(domain -> {
            String key = domain.port() == 0 ? domain.name() : new Host(domain.name(), domain.port()).toString();
            DocumentPosition first = places.putIfAbsent(key, host.at());
            if (first != null) {
                problems.add(host.at(), "duplicate host \"" + key + "\"; first at " + first.shortly());
            }
            manners.ifPresent(own -> hosts.put(key, own));
        });
    }

    private static Optional<Manners> manners(Section section) {
        int perHost = section.smallInteger("perHostConcurrency");
        Duration delay = section.duration("delay");
        boolean autoThrottle = section.flag("autoThrottle");
        Duration maxDelay = section.duration("maxDelay");
        return section.make(() -> new Manners(perHost, delay, autoThrottle, maxDelay));
    }

    private static Optional<Retries> retries(Section section) {
        return section.make(() -> new Retries(
                section.smallInteger("maxAttempts"), section.duration("backoff"), section.duration("maxBackoff"),
                section.flag("unsafeMethods")));
    }

    private static Optional<CircuitBreaking> circuitBreaker(Section section) {
        return section.make(() -> new CircuitBreaking(
                section.smallInteger("failureRateThreshold"), section.smallInteger("window"),
                section.duration("openFor"), section.smallInteger("maxOpenings")));
    }

    static Optional<Network> network(Section section, Problems problems) {
        List<Cidr> cidrs = section.texts("allowedCidrs", new ValueReader(problems)::cidr);
        return section.make(() -> new Network(section.flag("allowPrivateAddresses"), cidrs));
    }
}
