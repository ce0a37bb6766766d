package fanout.app.config;

import fanout.Scraper;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.NearestKey;
import fanout.app.config.schema.Section;
import fanout.job.CrawlJob;
import fanout.job.SecretText;
import fanout.job.Secrets;
import fanout.job.Start;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.References;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is valid in a job and cannot work as it is meant. */
record JobWarnings(Section job, CrawlJob made, Problems warnings) {

    /** Of shorter names, one is not another one misspelt. */
    private static final int SHORTEST_NAME = 3;

    /**
     * Returns each warning with its place.
     *
     * @param made the job that the document says
     */
    static List<String> of(Section job, CrawlJob made) {
        Problems warnings = new Problems();
        JobWarnings found = new JobWarnings(job, made, warnings);
        found.find();
        found.expect();
        return warnings.all().stream().map(Object::toString).toList();
    }

    /** A report that no run finds again is compared with none. */
    private void expect() {
        Section expect = job.section("expect");
        if (expect.has("maxChangePercent") && job.section("output").text("report").filter("-"::equals).isPresent()) {
            warnings.add(expect.keyAt("maxChangePercent"), "maxChangePercent compares with the last report, and "
                    + "output.report is standard output, where no run finds it again; name a file");
        }
        if (made.expectations().minItems().orElse(0) > 0 && made.parsing().extract().isEmpty()) {
            warnings.add(expect.keyAt("minItems"), "minItems cannot hold: the job has no rules under extract");
        }
    }

    private void find() {
        Start.SkippedLines skipped = made.start().skipped();
        if (skipped.count() > 0) {
            warnings.add(job.at("startUrlsFile"), skipped.count() + (skipped.count() == 1 ? " line is" : " lines are")
                    + " skipped; the first is " + skipped.first().getFirst());
        }
        if (made.http().proxy().isEmpty()) { // which connects in the place of the crawl
            refusedAddresses();
        }
        secrets();
        Section scope = job.section("scope");
        scope.texts("include").forEach(pattern -> anchored("include", pattern));
        scope.texts("exclude").forEach(pattern -> anchored("exclude", pattern));
        if (job.has("follow")) {
            job.sections("follow").forEach(entry -> {
                entry.texts("include").forEach(pattern -> anchored("include", pattern));
                entry.texts("exclude").forEach(pattern -> anchored("exclude", pattern));
                identity(entry);
            });
        }
        Set<String> labels = assigned();
        if (job.has("limits")) {
            job.section("limits")
                    .entries("maxPagesPerLabel")
                    .keySet()
                    .stream()
                    .filter(label -> !labels.contains(label.text()))
                    .forEach(this::unassigned);
        }
        Map<String, YamlNode.Scalar> rules = new HashMap<>();
        for (Section rule : job.sections("extract")) {
            mixing(rule);
            rule.scalar("match").ifPresent(pattern -> anchored("match", pattern));
            rule.scalar("label").filter(label -> !labels.contains(label.text())).ifPresent(this::unassigned);
            rule.scalar("name").ifPresent(name -> {
                YamlNode.Scalar first = rules.putIfAbsent(name.text(), name);
                if (first != null) {
                    warnings.add(name.at(), "a second rule is named " + name.text() + "; first at "
                            + first.at().shortly() + "; _rule does not distinguish their items");
                }
            });
        }
    }

    /**
     * Names in the identity of a form that send nothing, or look like misspelt ones of fields. What else the form of a
     * page has is not known here.
     */
    private void identity(Section entry) {
        List<YamlNode.Scalar> names = entry.texts("identity");
        Map<String, YamlNode> filled = new HashMap<>();
        if (entry.has("fields")) {
            entry.entries("fields").forEach((name, value) -> filled.put(name.text(), value));
        }
        Set<String> left = new HashSet<>(filled.keySet());
        left.removeIf(field -> field.length() < SHORTEST_NAME
                || names.stream().anyMatch(name -> name.text().equals(field)));
        names.forEach(name -> {
            YamlNode value = filled.get(name.text());
            List<String> nearest = value == null ? NearestKey.all(name.text(), left) : List.of();
            if (value != null && (value.isNull() || value.equals(new YamlNode.Sequence(value.at(), List.of())))) {
                warnings.add(name.at(), "identity has " + name.text() + ", by which fields sends nothing");
            } else if (!nearest.isEmpty()) {
                warnings.add(name.at(), "identity has " + name.text() + ", which is not in fields; did you mean "
                        + String.join(" or ", nearest) + "? It counts only where the form of a page has it");
            }
        });
    }

    /** Secrets that a start URL is to have, and that do not go there. */
    private void secrets() {
        Secrets secrets = made.http().secrets();
        Set<String> ofAll = secrets.isEmpty() ? Set.of() : names(made.http().headers().values().stream());
        Set<String> told = new HashSet<>();
        for (Request start : made.start().urls()) {
            Details details = start.details();
            Set<String> names = new TreeSet<>(ofAll);
            if (details.references() != References.NONE) {
                names.addAll(names(Stream.concat(details.headers().values().stream(),
                        details.body().stream().map(Request.Body::text))));
            }
            secrets.byName().forEach((name, secret) -> {
                String said = "the secret " + name + " does not go to " + start.url().origin();
                if (names.contains(name) && !secret.mayGo(start.url()) && told.add(said)) {
                    warnings.add(job.at("startUrls"), said + "; the configuration of the service names its hosts");
                }
            });
        }
    }

    private static Set<String> names(Stream<String> texts) {
        return texts.flatMap(text -> new SecretText(text).names().stream()).collect(Collectors.toSet());
    }

    /** URLs whose address is known without a lookup, and which {@code network} refuses. */
    private void refusedAddresses() {
        Set<Host> known = new HashSet<>();
        Stream.concat(startUrls(), job.texts("sitemaps").stream())
                .forEach(node -> CanonicalUrl.parse(node.text())
                        .map(CanonicalUrl::host)
                        .filter(known::add)
                        .flatMap(JobWarnings::address)
                        .filter(address -> !Scraper.allows(made.network(), address))
                        .ifPresent(address -> warnings.add(node.at(), "network refuses the address "
                                + address.getHostAddress() + ", so nothing is fetched there; allow it by "
                                + "network: {allowedCidrs: [\"" + address.getHostAddress() + "\"]}")));
    }

    private Stream<YamlNode.Scalar> startUrls() {
        return job.elements("startUrls")
                .stream()
                .flatMap(node -> node.asScalar()
                        .or(() -> job.element("startUrls", node).flatMap(section -> section.scalar("url")))
                        .stream());
    }

    /** An address literal, or the name of this machine (RFC 6761, 6.3); other names would have to be looked up. */
    private static Optional<InetAddress> address(Host host) {
        String name = host.name();
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return Optional.of(InetAddress.getLoopbackAddress());
        }
        try {
            return Optional.of(InetAddress.ofLiteral(name));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /**
     * Fields that once could come from different blocks of JSON-LD, and now come from one: which one is better said.
     */
    private void mixing(Section rule) {
        boolean inJson = rule.scalar("each").isEmpty() && rule.has("each") && rule.section("each").has("json");
        boolean readsMarkup = job.section("parse")
                .texts("contentTypes")
                .stream()
                .anyMatch(type -> !type.text().toLowerCase(Locale.ROOT).matches(".*[/+]json"));
        Map<String, Section> fields = new LinkedHashMap<>();
        if (!inJson && readsMarkup) {
            pointers(rule, "", fields);
        }
        List<Map.Entry<String, Section>> untyped =
                fields.entrySet().stream().filter(field -> !field.getValue().has("jsonld")).toList();
        if (fields.size() > 1 && !untyped.isEmpty()) {
            String names = untyped.stream().map(Map.Entry::getKey).collect(Collectors.joining(", "));
            warnings.add(untyped.getFirst().getValue().keyAt("json"), "say by jsonld which JSON-LD is meant, as in "
                    + "{jsonld: Product, json: /name}: " + names
                    + (untyped.size() == 1 ? " has no jsonld and is" : " have no jsonld and are")
                    + " read from one block of an HTML page, the first that has all required fields, otherwise the "
                    + "one with "
                    + "the most");
        }
    }

    /**
     * The fields that point into the JSON-LD of a page, by their paths. What is in a list of JSON objects points into
     * these.
     */
    private static void pointers(Section section, String path, Map<String, Section> found) {
        section.entries("fields").forEach((name, node) -> {
            Section field = section.chosen("fields", node);
            Section each = field.scalar("each").isEmpty() && field.has("each") ? field.section("each") : field;
            if (each.has("json") && !each.has("in")) {
                found.put(path + name.text(), each);
            } else if (field.has("fields")) {
                pointers(field, path + name.text() + ".", found);
            }
        });
    }

    /** Labels that start URLs and follow rules give their pages. */
    private Set<String> assigned() {
        Set<String> labels = new HashSet<>();
        made.start().urls().forEach(start -> start.label().ifPresent(labels::add));
        if (job.has("follow")) {
            job.sections("follow").forEach(rule -> rule.text("label").ifPresent(labels::add));
        }
        return labels;
    }

    /** A pattern is looked for in the whole URL, and every URL begins with its scheme. */
    private void anchored(String key, YamlNode.Scalar pattern) {
        Optional<String> begin = Optional.of(pattern.text()).filter(text -> text.startsWith("^/"));
        begin.ifPresent(text -> warnings.add(pattern.at(), key + " \"" + text
                + "\" is found in no URL, because a URL begins with http:// or https://; leave out the ^"));
    }

    private void unassigned(YamlNode.Scalar label) {
        warnings.add(label.at(),
                "no page has the label " + label.text() + ": no start URL and no follow rule gives it");
    }
}
