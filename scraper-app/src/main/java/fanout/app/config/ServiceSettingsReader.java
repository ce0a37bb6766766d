package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.BundledSchema;
import fanout.app.config.schema.Section;
import fanout.app.terminal.FileProblem;
import fanout.job.Http;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.job.Secrets;
import fanout.url.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the configuration of a service, as {@link JobFileReader} reads a job: every problem at once, each with its
 * line.
 */
public final class ServiceSettingsReader {

    private ServiceSettingsReader() {}

    /** Returns the settings of a service without a configuration. */
    public static ServiceSettings standard() {
        try {
            return read("the standard configuration", "{}".getBytes(UTF_8), Map.of());
        } catch (BadJobException e) {
            throw new IllegalStateException("the defaults are not valid", e);
        }
    }

    /**
     * Reads a configuration.
     *
     * @param source the name of the file, for messages
     * @param content YAML 1.2 or JSON in UTF-8
     * @param environment where {@code ${NAME}} is looked up
     * @throws BadJobException if it is not valid; it has all problems
     */
    public static ServiceSettings read(String source, byte[] content, Map<String, String> environment)
            throws BadJobException {
        return new JobPipeline<>(source, new SettingsRules(Optional.of(environment))).read(content);
    }

    private record SettingsRules(Optional<Map<String, String>> environment)
            implements
            JobPipeline.Rules<ServiceSettings> {

        @Override
        public BundledSchema schema() {
            return BundledSchema.SERVICE;
        }

        @Override
        public Optional<ServiceSettings> read(YamlNode.Mapping checked, Problems found, boolean isWhole) {
            Section section = Section.of(checked, found, BundledSchema.SERVICE);
            Optional<JobBounds> bounds = bounds(section, found);
            Section retention = section.section("retention");
            Optional<Duration> stallAfter = section.scalar("stallAfter").map(_ -> section.duration("stallAfter"));
            List<String> hosts = section.texts("allowedHosts").stream().map(YamlNode.Scalar::text).toList();
            Optional<Path> tokenFile = section.scalar("tokenFile").flatMap(node -> path(node, "tokenFile", found));
            return bounds.flatMap(most -> section.make(() -> new ServiceSettings(
                    section.smallInteger("maxConcurrentCrawls"),
                    section.smallInteger("maxQueuedCrawls"),
                    section.smallInteger("concurrency"),
                    most,
                    section.size("maxBytesPerCrawl"),
                    new ServiceSettings.Retention(retention.duration("maxAge"), retention.size("maxBytes")),
                    section.duration("shutdownGrace"),
                    section.flag("resumeOnStart"),
                    stallAfter, hosts, tokenFile)));
        }

        private static Optional<JobBounds> bounds(Section section, Problems problems) {
            Optional<Limits> limits = JobReader.limits(section.section("limits"));
            Optional<Network> network = JobReader.network(section.section("network"), problems);
            Optional<Http.Proxy> proxy =
                    section.section("http")
                            .scalar("proxy")
                            .flatMap(node -> HttpReader.proxy(node, problems, Secrets.NONE));
            Secrets secrets = new SecretFiles(problems).read(section);
            return limits.flatMap(most -> network.map(open -> new JobBounds(most, open, proxy, secrets)));
        }

        static Optional<Path> path(YamlNode.Scalar node, String key, Problems problems) {
            try {
                return Optional.of(Path.of(node.text()));
            } catch (InvalidPathException e) {
                problems.add(node.at(), key + " is not a path: " + e.getReason());
                return Optional.empty();
            }
        }
    }

    /** Reads the files of {@code secrets}. No message has a part of one. */
    private record SecretFiles(Problems problems) {

        /** A longer one is another file that was named by mistake. */
        private static final int MOST_BYTES = 64 << 10;
        private static final Pattern LINE_BREAK = Pattern.compile("\\r?\\n\\z");
        private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,99}");

        private Secrets read(Section section) {
            Map<String, Secrets.Secret> secrets = new TreeMap<>();
            section.entries("secrets").forEach((name, node) -> {
                if (!NAME.matcher(name.text()).matches()) {
                    problems.add(name.at(), "a secret is called by 1 to 100 letters, digits, - and _, the first no "
                            + "digit and no -");
                    return;
                }
                Section secret = section.chosen("secrets", node);
                List<Scope.Domain> hosts = secret.texts("hosts",
                        host -> problems.at(host.at(), () -> Scope.Domain.parse(host.text())));
                if (secret.isEmpty("hosts")) { // it would go wherever a job says
                    problems.add(secret.at("hosts"), "hosts must name at least one host");
                    return;
                }
                secret.scalar("file")
                        .flatMap(file -> SettingsRules.path(file, "file", problems)
                                .flatMap(path -> value(file, path)))
                        .ifPresent(value -> secrets.put(name.text(), new Secrets.Secret(value, hosts)));
            });
            return secrets.isEmpty() ? Secrets.NONE : new Secrets(secrets);
        }

        /** Returns what a file holds, without the line break at its end. */
        private Optional<String> value(YamlNode.Scalar node, Path path) {
            try (InputStream in = Files.newInputStream(path)) {
                byte[] content = in.readNBytes(MOST_BYTES + 1);
                String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
                String value = LINE_BREAK.matcher(text).replaceFirst("");
                if (value.isEmpty() || content.length > MOST_BYTES) {
                    problems.add(node.at(),
                            "file " + path + (value.isEmpty() ? " is empty" : " is longer than 64 KiB"));
                    return Optional.empty();
                }
                return Optional.of(value);
            } catch (CharacterCodingException e) {
                problems.add(node.at(), "file " + path + " is not UTF-8");
            } catch (IOException e) {
                problems.add(node.at(), "cannot read file " + path + ": " + FileProblem.reason(path, e));
            }
            return Optional.empty();
        }
    }
}
