package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.Setting;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import fanout.app.config.schema.BundledSchema;
import fanout.app.config.schema.Section;
import fanout.job.Cidr;
import fanout.job.DurationText;
import fanout.job.Http;
import fanout.job.Limits;
import fanout.job.Secrets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a job that was handed to a service: as a job file, and within what the service allows. Nothing is taken from
 * the environment, and no file of the machine is read, because it is not the submitter's machine.
 */
public final class SubmittedJobReader {

    private SubmittedJobReader() {}

    /**
     * Reads a job.
     *
     * @param json whether it must be JSON; YAML 1.2 otherwise
     * @param content in UTF-8, at most 1 MiB
     * @param limits a JSON object whose keys win over those of the job's limits
     * @return the job with the service's limits where it has no smaller ones of its own
     * @throws BadJobException if it is not a valid job, or beyond the bounds
     */
    public static JobFile read(boolean json, byte[] content, Optional<byte[]> limits, JobBounds bounds)
            throws BadJobException {
        String source = json ? "job.json" : "job.yaml";
        return new JobPipeline<>(source, new SubmissionRules(source, json, limits, bounds)).read(content);
    }

    private record SubmissionRules(String source, boolean json, Optional<byte[]> limits, JobBounds bounds)
            implements
            JobPipeline.Rules<JobFile> {

        @Override
        public Optional<Set<String>> secrets() {
            return Optional.of(bounds.secrets().byName().keySet());
        }

        @Override
        public boolean isFile() {
            return false;
        }

        @Override
        public boolean hasItsNotation(String text, Problems found) {
            if (!json) {
                return true;
            }
            try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
                int documents = 0;
                int depth = 0;
                for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                    documents += depth == 0 ? 1 : 0;
                }
                if (documents <= 1) {
                    return true;
                }
                found.add(DocumentPosition.startOf(source), "not valid JSON: more than one value");
            } catch (JacksonException e) {
                TokenStreamLocation at = e.getLocation();
                found.add(at == null ? DocumentPosition.startOf(source)
                        : new DocumentPosition(source, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr())),
                        "not valid JSON: " + e.getOriginalMessage());
            }
            return false;
        }

        @Override
        public Optional<YamlNode.Mapping> set(Optional<YamlNode.Mapping> root, Problems found) {
            return limits.isEmpty() ? root : root.map(job -> withLimits(job, limits.get(), found));
        }

        private static YamlNode.Mapping withLimits(YamlNode.Mapping job, byte[] limits, Problems problems) {
            YamlNode.Mapping changed = job;
            Optional<YamlNode> given = YamlReader.read("limits", new String(limits, UTF_8), problems);
            if (given.isPresent() && given.get() instanceof YamlNode.Mapping mapping) {
                for (YamlNode.Entry entry : mapping.entries()) {
                    changed = limit(entry).applyTo(changed, problems);
                }
            } else {
                problems.add(DocumentPosition.startOf("limits"), "limits must be an object, as in {\"maxPages\": 500}");
            }
            return changed;
        }

        /**
         * Returns the entry with its key alone as its place: where it stands in the text that was sent is not known
         * here.
         */
        private static Setting limit(YamlNode.Entry entry) {
            String key = entry.key().text();
            DocumentPosition at = new DocumentPosition("limits", 0, 0, "limits." + key);
            YamlNode value = entry.value() instanceof YamlNode.Scalar scalar
                    ? new YamlNode.Scalar(at, scalar.text(), scalar.plain())
                    : entry.value();
            return new Setting(at, List.of("limits", key), value);
        }

        @Override
        public Optional<JobFile> read(YamlNode.Mapping checked, Problems found, boolean isWhole) {
            Secrets secrets = SecretNames.in(checked, name -> Objects
                    .requireNonNull(bounds.secrets().byName().get(name.substring(name.indexOf(':') + 1)), name));
            new Bounded(Section.of(checked, found, BundledSchema.JOB), bounds, secrets, found).check();
            Section harmless = Section.of(withoutFiles(checked), found, BundledSchema.JOB);
            return new JobReader(found, JobPaths.ofWorkingDirectory(found), Optional.empty(), secrets).read(harmless)
                    .map(file -> new JobFile(bounds.applyTo(file.job()), file.outputs(), file.warnings()));
        }
    }

    /**
     * Checks what a valid job may not ask of a service: more than its limits, addresses and proxy, and files of its
     * machine.
     */
    private record Bounded(Section job, JobBounds bounds, Secrets secrets, Problems problems) {

        private static final String STANDARD_OUTPUT = "-";

        private void check() {
            checkLimits();
            checkNetwork();
            checkProxy();
            file(job, "startUrlsFile", "a service reads no files of its machine; list the URLs in startUrls");
            file(job, JobBases.EXTENDS, "a service reads no files of its machine; submit the whole job");
            file(job.section("http"), "caFile", "a service reads no files of its machine");
            file(job.section("http"), "cookiesFile", "a service reads no files of its machine");
            Section output = job.section("output");
            List.of("pages", "items", "links", "files", "report")
                    .forEach(key -> output.scalar(key).ifPresent(this::noStandardOutput));
            for (String key : List.of("pages", "items", "links")) {
                output.texts(key).forEach(this::rows);
                output.sections(key).forEach(this::rows);
                output.node(key).flatMap(YamlNode::asScalar).ifPresent(this::noDatabase);
                rows(output.section(key));
            }
        }

        private void rows(Section file) {
            file.node("jdbc")
                    .ifPresent(_ -> problems.add(file.keyAt("jdbc"), "a service connects to no database that a job "
                            + "names; take the key out, outputs are in the crawl's own folder"));
            file.scalar("path").ifPresent(this::noStandardOutput);
            file.scalar("format").or(() -> file.scalar("path")).ifPresent(this::noDatabase);
        }

        private void rows(YamlNode.Scalar path) {
            noStandardOutput(path);
            noDatabase(path);
        }

        /** By the format or the extension. */
        private void noDatabase(YamlNode.Scalar kind) {
            if (kind.text().matches("(.*\\.)?sqlite")) {
                problems.add(kind.at(), "a service writes no databases for a job; take the key out, outputs are in the "
                        + "crawl's own folder");
            }
        }

        private void noStandardOutput(YamlNode.Scalar path) {
            if (path.text().equals(STANDARD_OUTPUT)) {
                problems.add(path.at(), "a service has no standard output for a job; take the key out, outputs are "
                        + "in the crawl's own folder");
            }
        }

        private void file(Section section, String key, String reason) {
            section.node(key).ifPresent(node -> problems.add(node.at(), key + " is not allowed here: " + reason));
        }

        private void checkLimits() {
            Limits most = bounds.limits();
            atMost("maxPages", Section::integer, most.maxPages(), "");
            most.maxPagesPerHost().ifPresent(pages -> atMost("maxPagesPerHost", Section::integer, pages, ""));
            atMost("maxUrls", Section::integer, most.maxUrls(), "");
            atMost("maxLinksPerPage", Section::integer, (long) most.maxLinksPerPage(), "");
            atMost("maxRedirects", Section::integer, (long) most.maxRedirects(), "");
            atMost("maxFailedPercent", Section::integer, (long) most.maxFailedPercent(), "");
            atMost("maxUrlLength", Section::size, (long) most.maxUrlLength(), " bytes");
            atMost("maxBodySize", Section::size, most.maxBodyBytes(), " bytes");
            atMost("maxDuration", Section::duration, most.maxDuration(), "");
            atMost("requestTimeout", Section::duration, most.requestTimeout(), "");
        }

        private <T extends Comparable<T>> void atMost(String key, BiFunction<Section, String, T> reader, T most,
                String unit) {
            Section limits = job.section("limits");
            if (limits.node(key).isPresent() && reader.apply(limits, key).compareTo(most) > 0) {
                String shown = most instanceof Duration duration ? DurationText.of(duration) : most + unit;
                problems.add(limits.at(key), key + " must be at most " + shown + ", the limit of this service");
            }
        }

        private void checkNetwork() {
            Section network = job.section("network");
            if (network.flag("allowPrivateAddresses") && !bounds.network().allowPrivateAddresses()) {
                problems.add(network.at("allowPrivateAddresses"), "allowPrivateAddresses is not allowed by this service"
                        + (bounds.network().allowedCidrs().isEmpty() ? "" : "; list addresses in allowedCidrs"));
            }
            Problems unread = new Problems(); // what is no block is a problem of the job's own
            for (YamlNode.Scalar node : network.texts("allowedCidrs")) {
                Optional<Cidr> cidr = new ValueReader(unread).cidr(node);
                if (cidr.isPresent() && !isAllowed(cidr.get())) {
                    problems.add(node.at(), "this service does not allow the addresses " + node.text());
                }
            }
        }

        /** Where private addresses are allowed the scraper itself still refuses those of metadata services. */
        private boolean isAllowed(Cidr asked) {
            return bounds.network().allowPrivateAddresses()
                    || bounds.network().allowedCidrs().stream().anyMatch(open -> holds(open, asked));
        }

        private static boolean holds(Cidr open, Cidr asked) {
            try {
                return open.prefixLength() <= asked.prefixLength()
                        && open.network().length == asked.network().length
                        && open.contains(InetAddress.getByAddress(asked.network()));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("a block has 4 or 16 bytes", e);
            }
        }

        private void checkProxy() {
            Problems unread = new Problems();
            job.section("http").scalar("proxy").ifPresent(node -> {
                Optional<Http.Proxy> asked = HttpReader.proxy(node, unread, secrets);
                boolean same = asked.isPresent() && bounds.proxy().isPresent()
                        && asked.get().host().equals(bounds.proxy().get().host())
                        && asked.get().port() == bounds.proxy().get().port();
                if (asked.isPresent() && !same) {
                    problems.add(node.at(), "proxy is set by this service; take the key out");
                }
            });
        }
    }

    /**
     * Returns the job without the keys that name files, which are reported or ignored: nothing of the machine is
     * opened. Of the links it keeps that they are asked for.
     */
    private static YamlNode.Mapping withoutFiles(YamlNode.Mapping root) {
        return without(withFixedLinks(root),
                List.of("startUrlsFile", JobBases.EXTENDS, "http.caFile", "http.cookiesFile", "output.pages",
                        "output.items", "output.files", "output.report",
                        "output.journal"),
                "");
    }

    private static YamlNode.Mapping withFixedLinks(YamlNode.Mapping root) {
        return new YamlNode.Mapping(root.at(), root.entries()
                .stream()
                .map(entry -> entry.key().text().equals("output") && entry.value() instanceof YamlNode.Mapping output
                        ? new YamlNode.Entry(entry.key(), withFixed(output, "links", "links.jsonl"))
                        : entry)
                .toList());
    }

    private static YamlNode.Mapping withFixed(YamlNode.Mapping mapping, String key, String value) {
        return new YamlNode.Mapping(mapping.at(), mapping.entries()
                .stream()
                .map(entry -> entry.key().text().equals(key) && !entry.value().isNull()
                        ? new YamlNode.Entry(entry.key(), new YamlNode.Scalar(entry.value().at(), value, false))
                        : entry)
                .toList());
    }

    private static YamlNode.Mapping without(YamlNode.Mapping mapping, List<String> paths, String prefix) {
        return new YamlNode.Mapping(mapping.at(), mapping.entries()
                .stream()
                .filter(entry -> !paths.contains(prefix + entry.key().text()))
                .map(entry -> entry.value() instanceof YamlNode.Mapping inner && prefix.isEmpty()
                        ? new YamlNode.Entry(entry.key(), without(inner, paths, entry.key().text() + "."))
                        : entry)
                .toList());
    }
}
