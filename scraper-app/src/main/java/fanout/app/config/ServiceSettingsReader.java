package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.BundledSchema;
import fanout.app.config.schema.Section;
import fanout.job.Http;
import fanout.job.Limits;
import fanout.job.Network;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
            Optional<Path> tokenFile = section.scalar("tokenFile").flatMap(node -> path(node, found));
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
                    section.section("http").scalar("proxy").flatMap(node -> HttpReader.proxy(node, problems));
            return limits.flatMap(most -> network.map(open -> new JobBounds(most, open, proxy)));
        }

        private static Optional<Path> path(YamlNode.Scalar node, Problems problems) {
            try {
                return Optional.of(Path.of(node.text()));
            } catch (InvalidPathException e) {
                problems.add(node.at(), "tokenFile is not a path: " + e.getReason());
                return Optional.empty();
            }
        }
    }
}
