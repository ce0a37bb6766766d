package fanout.app.config;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.Cidr;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Download;
import fanout.job.Field;
import fanout.job.Keeping;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.job.Secrets;
import fanout.job.Selector;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.DroppedParameters;
import fanout.url.Host;
import fanout.url.Scope;
import fanout.url.SkippedExtensions;
import fanout.url.TextPattern;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes a job of a document that the schema has checked, and checks what no schema can: URLs, domains, patterns,
 * selectors, addresses, paths, and how values fit together. In the order of the documentation.
 */
record JobReader(
        Problems problems,
        JobPaths paths,
        Optional<InputStream> standardInput,
        Secrets secrets,
        ValueReader values) {

    private static final String NAMELESS = "unnamed";

    /**
     * @param standardInput empty if the job was read from it
     * @param secrets to which the job refers
     */
    JobReader(Problems problems, JobPaths paths, Optional<InputStream> standardInput, Secrets secrets) {
        this(problems, paths, standardInput, secrets, new ValueReader(problems));
    }

    /** Returns the job; empty only if there are problems. */
    Optional<JobFile> read(Section section) {
        return read(section, true);
    }

    /**
     * Returns the job; empty only if there are problems.
     *
     * @param isWhole whether the section is the whole document, and not the part above a mistake in its notation
     */
    Optional<JobFile> read(Section section, boolean isWhole) {
        String name = section.text("name").orElse(NAMELESS); // of a job that has a problem
        CrawlJob.Builder builder = CrawlJob.builder(name);
        RequestReader requests = new RequestReader(problems, values, secrets);
        List<Request> startUrls = section.elements("startUrls")
                .stream()
                .flatMap(node -> requests.read(section, "startUrls", node).stream())
                .toList();
        startUrls.forEach(builder::startUrl);
        Optional<StartList> list = startUrlsFile(section);
        List<Request> ofFile = list.map(StartList::requests).orElse(List.of());
        ofFile.forEach(builder::startUrl);
        list.map(StartList::skipped).ifPresent(builder::skippedLines);
        boolean auto = section.scalar("sitemaps").isPresent();
        builder.sitemapsFromRobots(auto);
        List<CanonicalUrl> sitemaps = section.texts("sitemaps", node -> values.url(node, "sitemaps"));
        sitemaps.forEach(builder::sitemap);
        scope(section.section("scope")).ifPresent(builder::scope);
        Section limits = section.section("limits");
        limits(limits).map(whole -> withLabels(limits, whole)).ifPresent(builder::limits);
        builder.concurrency(section.smallInteger("concurrency"));
        politeness(section.section("politeness")).ifPresent(builder::politeness);
        retries(section.section("retries")).ifPresent(builder::retries);
        circuitBreaker(section.section("circuitBreaker")).ifPresent(builder::circuitBreaker);
        new HttpReader(problems, paths, secrets).read(section.section("http")).ifPresent(builder::http);
        network(section.section("network"), problems).ifPresent(builder::network);
        Section parse = section.section("parse");
        builder.contentTypes(parse.texts("contentTypes").stream().map(YamlNode.Scalar::text).toList());
        parse.scalar("charset").flatMap(values::charset).ifPresent(builder::charset);
        ExtractReader extract = new ExtractReader(problems, values);
        if (section.has("follow")) {
            FollowReader follow = new FollowReader(problems, values, extract, requests);
            builder.follow(section.elements("follow")
                    .stream()
                    .flatMap(element -> follow.followRule(section, element).stream())
                    .toList());
        }
        builder.extract(section.sections("extract", extract::extractRule));
        new ExpectReader(problems).read(section, isWhole).ifPresent(builder::expectations);
        if (section.has("session")) {
            new SessionReader(problems, values, extract, requests).read(section).ifPresent(builder::session);
        }
        Section output = section.section("output");
        builder.flushTimeout(output.duration("flushTimeout"));
        List<Download> downloads = section.sections("download", this::download);
        Outputs outputs = new OutputsReader(problems, paths).read(output, name, !downloads.isEmpty());
        if (outputs.links().isPresent()) {
            builder.keepLinks();
        }
        section.make(() -> new Keeping(downloads, output.flag("bodies"))).ifPresent(builder::keeping);
        boolean nowhere = startUrls.isEmpty() && ofFile.isEmpty() && sitemaps.isEmpty();
        boolean isReported = nowhere && !auto && !problems.isEmpty()
                && (section.has("startUrlsFile")
                        || (!section.isEmpty("startUrls") && !section.isEmpty("sitemaps")));
        return isReported ? Optional.empty()
                : section.make(builder::build)
                        .map(job -> {
                            oneColumnEach(output, outputs, job);
                            new TableColumns(problems, job).check(output, outputs);
                            return new JobFile(job, outputs, JobWarnings.of(section, job));
                        });
    }

    private Optional<Download> download(Section section) {
        Optional<TextPattern> match = section.scalar("match").flatMap(values::pattern);
        List<String> types = section.texts("contentTypes").stream().map(YamlNode.Scalar::text).toList();
        Optional<Selector.Css> css = section.scalar("css").flatMap(values::css);
        boolean isWrong = section.has("match") != match.isPresent() || section.has("css") != css.isPresent();
        return isWrong ? Optional.empty()
                : section.make(
                        () -> new Download(match, types, css, section.size("maxSize"), section.duration("timeout")));
    }

    /** In SQLite, names of columns have no case. */
    private void oneColumnEach(Section section, Outputs outputs, CrawlJob job) {
        boolean isTable = outputs.items()
                .stream()
                .anyMatch(
                        output -> output instanceof Output.File file && file.format() instanceof Output.Format.Sqlite);
        Map<String, String> columns = new HashMap<>(Map.of("_url", "_url", "_rule", "_rule"));
        job.parsing()
                .extract()
                .stream()
                .flatMap(rule -> rule.fields().stream().map(Field::name))
                .filter(_ -> isTable)
                .forEach(field -> {
                    String other = columns.putIfAbsent(field.toLowerCase(Locale.ROOT), field);
                    if (other != null && !other.equals(field)) {
                        problems.add(section.at("items"), "the fields " + other + " and " + field
                                + " would be one column in SQLite; rename one of them");
                    }
                });
    }

    /** Reads the list that {@code startUrlsFile} names: a path, or a mapping with one. */
    private Optional<StartList> startUrlsFile(Section job) {
        Section section = job.section("startUrlsFile");
        Optional<YamlNode.Scalar> path = job.scalar("startUrlsFile")
                .or(() -> job.has("startUrlsFile") ? section.scalar("path") : Optional.empty());
        boolean skips = section.text("onError").filter("skip"::equals).isPresent();
        return path.map(node -> {
            StartList list = new StartList(problems, paths, standardInput, node, skips);
            list.read();
            return list;
        });
    }

    private Optional<Scope> scope(Section section) {
        List<Scope.Domain> domains = section.texts("allowedDomains",
                node -> problems.at(node.at(), () -> Scope.Domain.parse(node.text())));
        List<TextPattern> include = section.texts("include", values::pattern);
        List<TextPattern> exclude = section.texts("exclude", values::pattern);
        List<String> dropped = section.texts("dropParameters").stream().map(YamlNode.Scalar::text).toList();
        List<String> skipped = section.texts("skipExtensions").stream().map(YamlNode.Scalar::text).toList();
        return section.make(() -> new Scope(domains, Set.of(), include, exclude, section.smallInteger("maxDepth"),
                DroppedParameters.of(dropped), SkippedExtensions.of(skipped), section.flag("followDuplicates"),
                section.flag("checkExternal")));
    }

    static Optional<Limits> limits(Section section) {
        return section.make(() -> new Limits(
                section.integer("maxPages"), section.integer("maxUrls"), section.smallInteger("maxLinksPerPage"),
                Math.toIntExact(section.size("maxUrlLength")), section.duration("maxDuration"),
                section.duration("requestTimeout"), section.size("maxBodySize"), section.smallInteger("maxRedirects"),
                section.smallInteger("maxFailedPercent"), section.optionalInteger("maxPagesPerHost")));
    }

    private static Limits withLabels(Section section, Limits whole) {
        Map<String, Long> labels = new TreeMap<>();
        section.entries("maxPagesPerLabel")
                .forEach((label, most) -> most.asScalar()
                        .ifPresent(pages -> labels.put(label.text(), Section.integer(pages))));
        return whole.toBuilder().maxPagesPerLabel(labels).build();
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
        return section.makeOrCheck(() -> new Manners(perHost, delay, autoThrottle, maxDelay));
    }

    private static Optional<Retries> retries(Section section) {
        return section.makeOrCheck(() -> new Retries(
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
