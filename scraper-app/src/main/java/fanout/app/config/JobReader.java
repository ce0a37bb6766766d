package fanout.app.config;

import com.google.re2j.Pattern;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.Cidr;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.job.Retries;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a job of a document that the schema has checked, and checks what no schema can: URLs, domains, patterns, selectors,
 * addresses, paths, and how values fit together. In the order of the documentation.
 */
final class JobReader {

    private static final String NAMELESS = "unnamed";

    private final Problems problems;
    private final ExpressionBudget budget;
    private final ValueReader values;
    private final JobPaths paths;
    private final Optional<InputStream> standardInput;

    /** @param standardInput empty if the job was read from it */
    JobReader(Problems problems, JobPaths paths, Optional<InputStream> standardInput) {
        this.problems = problems;
        this.paths = paths;
        this.standardInput = standardInput;
        this.budget = new ExpressionBudget(problems);
        this.values = new ValueReader(problems, budget);
    }

    /** The job; empty only if there are problems. */
    Optional<JobFile> read(Section section) {
        String name = section.text("name").orElse(NAMELESS); // of a job that has a problem
        CrawlJob.Builder builder = CrawlJob.builder(name);
        List<Request> startUrls =
                section.elements("startUrls").stream().flatMap(node -> startUrl(section, node).stream()).toList();
        startUrls.forEach(builder::startUrl);
        List<Request> ofFile = section.scalar("startUrlsFile")
                .map(node -> new StartUrlsFile(problems, paths, standardInput).read(node))
                .orElse(List.of());
        ofFile.forEach(builder::startUrl);
        boolean auto = section.scalar("sitemaps").isPresent();
        builder.sitemapsFromRobots(auto);
        List<CanonicalUrl> sitemaps =
                section.texts("sitemaps").stream().flatMap(node -> values.url(node, "sitemaps").stream()).toList();
        sitemaps.forEach(builder::sitemap);
        scope(section.section("scope")).ifPresent(builder::scope);
        limits(section.section("limits")).ifPresent(builder::limits);
        builder.concurrency(section.smallInteger("concurrency"));
        new PolitenessReader(problems).read(section.section("politeness")).ifPresent(builder::politeness);
        retries(section.section("retries")).ifPresent(builder::retries);
        circuitBreaker(section.section("circuitBreaker")).ifPresent(builder::circuitBreaker);
        new HttpReader(problems, paths).read(section.section("http")).ifPresent(builder::http);
        network(section.section("network"), problems).ifPresent(builder::network);
        Section parse = section.section("parse");
        builder.contentTypes(parse.texts("contentTypes").stream().map(YamlNode.Scalar::text).toList());
        parse.scalar("charset").flatMap(values::charset).ifPresent(builder::charset);
        ExtractReader extract = new ExtractReader(problems, budget);
        if (section.has("follow")) {
            builder.follow(
                    section.sections("follow").stream().flatMap(rule -> extract.followRule(rule).stream()).toList());
        }
        builder.extract(
                section.sections("extract").stream().flatMap(rule -> extract.extractRule(rule).stream()).toList());
        Section output = section.section("output");
        builder.flushTimeout(output.duration("flushTimeout"));
        Outputs outputs = new OutputsReader(problems, paths).read(output, name);
        boolean nowhere = startUrls.isEmpty() && ofFile.isEmpty() && sitemaps.isEmpty();
        boolean isReported = nowhere && !auto && !problems.isEmpty()
                && (section.scalar("startUrlsFile").isPresent()
                        || (!section.isEmpty("startUrls") && !section.isEmpty("sitemaps")));
        return isReported ? Optional.empty()
                : section.make(builder::build)
                        .map(job -> new JobFile(job, outputs, warnings(section, job)));
    }

    private static List<String> warnings(Section section, CrawlJob job) {
        Problems warnings = new Problems();
        new JobWarnings(section, job, warnings).find();
        return warnings.all().stream().map(Object::toString).toList();
    }

    private Optional<Request> startUrl(Section job, YamlNode node) {
        Optional<Section> section = job.element("startUrls", node);
        Optional<String> label = section.flatMap(found -> found.text("label"));
        Optional<YamlNode.Scalar> url = section.isPresent() ? section.get().scalar("url")
                : Optional.of(node).filter(YamlNode.Scalar.class::isInstance).map(YamlNode.Scalar.class::cast);
        return url.flatMap(text -> values.url(text, "startUrls")).map(found -> Request.start(found, label));
    }

    private Optional<Scope> scope(Section section) {
        List<Scope.Domain> domains = section.texts("allowedDomains")
                .stream()
                .flatMap(node -> problems.at(node.at(), () -> Scope.Domain.parse(node.text())).stream())
                .toList();
        List<Pattern> include = patterns(section, "include");
        List<Pattern> exclude = patterns(section, "exclude");
        return section.make(() -> new Scope(domains, Set.of(), include, exclude, section.smallInteger("maxDepth")));
    }

    private List<Pattern> patterns(Section section, String key) {
        return section.texts(key).stream().flatMap(node -> values.pattern(node).stream()).toList();
    }

    static Optional<Limits> limits(Section section) {
        return section.make(() -> new Limits(
                section.integer("maxPages"),
                section.integer("maxUrls"),
                section.smallInteger("maxLinksPerPage"),
                Math.toIntExact(section.size("maxUrlLength")),
                section.duration("maxDuration"),
                section.duration("requestTimeout"),
                section.size("maxBodySize"),
                section.smallInteger("maxRedirects"),
                section.smallInteger("maxFailedPercent")));
    }

    private static Optional<Retries> retries(Section section) {
        return section.make(() -> new Retries(
                section.smallInteger("maxAttempts"),
                section.duration("backoff"),
                section.duration("maxBackoff")));
    }

    private static Optional<CircuitBreaking> circuitBreaker(Section section) {
        return section.make(() -> new CircuitBreaking(
                section.smallInteger("failureRateThreshold"),
                section.smallInteger("window"),
                section.duration("openFor"),
                section.smallInteger("maxOpenings")));
    }

    static Optional<Network> network(Section section, Problems problems) {
        ValueReader values = new ValueReader(problems);
        List<Cidr> cidrs = section.texts("allowedCidrs")
                .stream()
                .flatMap(node -> values.cidr(node).stream())
                .toList();
        return section.make(() -> new Network(section.flag("allowPrivateAddresses"), cidrs));
    }
}
