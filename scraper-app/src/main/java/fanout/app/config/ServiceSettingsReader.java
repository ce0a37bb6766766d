package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Environment;
import fanout.app.config.document.Position;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import fanout.app.config.schema.BundledSchema;
import fanout.app.config.schema.SchemaCheck;
import fanout.app.config.schema.Section;
import fanout.job.Http;
import fanout.job.Limits;
import fanout.job.Network;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the configuration of a service, as {@link JobFileReader} reads a job: every problem at once, each with its line. */
public final class ServiceSettingsReader {

    private static final int MOST_BYTES = 1 << 20;

    private final Problems problems = new Problems();

    private ServiceSettingsReader() {}

    /** The settings of a service without a configuration. */
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
        ServiceSettingsReader reader = new ServiceSettingsReader();
        Optional<ServiceSettings> read = reader.text(source, content)
                .flatMap(text -> reader.root(source, text))
                .flatMap(root -> reader.settings(root, environment));
        if (!reader.problems.isEmpty()) {
            throw new BadJobException(reader.problems.all());
        }
        return read.orElseThrow();
    }

    private Optional<String> text(String source, byte[] content) {
        if (content.length > MOST_BYTES) {
            problems.add(Position.startOf(source), "is longer than 1 MiB");
            return Optional.empty();
        }
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException e) {
            problems.add(Position.startOf(source), "is not UTF-8; save it as UTF-8");
            return Optional.empty();
        }
    }

    private Optional<YamlNode.Mapping> root(String source, String text) {
        Optional<YamlNode> root = YamlReader.read(source, text, problems);
        if (root.isEmpty() || root.get().isNull()) {
            return Optional.of(new YamlNode.Mapping(Position.startOf(source), List.of()));
        }
        if (root.get() instanceof YamlNode.Mapping mapping) {
            return Optional.of(mapping);
        }
        if (!(root.get() instanceof YamlNode.Refused)) {
            problems.add(root.get().at(), "a configuration must be a mapping, as in maxConcurrentCrawls: 4, not "
                    + root.get().kind());
        }
        return Optional.empty();
    }

    private Optional<ServiceSettings> settings(YamlNode.Mapping root, Map<String, String> environment) {
        SchemaCheck check = new SchemaCheck(problems, BundledSchema.SERVICE);
        YamlNode replaced = new Environment(environment, problems).replaceIn(check.withoutUsersKeys(root));
        Section section = Section.of((YamlNode.Mapping) check.check((YamlNode.Mapping) replaced), problems,
                BundledSchema.SERVICE);
        Optional<JobBounds> bounds = bounds(section);
        Section retention = section.section("retention");
        Optional<Duration> stallAfter = section.scalar("stallAfter").map(_ -> section.duration("stallAfter"));
        List<String> hosts = section.texts("allowedHosts").stream().map(YamlNode.Scalar::text).toList();
        Optional<Path> tokenFile = section.scalar("tokenFile").flatMap(this::path);
        return bounds.flatMap(found -> section.make(() -> new ServiceSettings(
                section.smallInteger("maxConcurrentCrawls"),
                section.smallInteger("maxQueuedCrawls"),
                section.smallInteger("concurrency"),
                found,
                section.size("maxBytesPerCrawl"),
                new ServiceSettings.Retention(retention.duration("maxAge"), retention.size("maxBytes")),
                section.duration("shutdownGrace"),
                section.flag("resumeOnStart"),
                stallAfter, hosts, tokenFile)));
    }

    private Optional<JobBounds> bounds(Section section) {
        Optional<Limits> limits = JobReader.limits(section.section("limits"));
        Optional<Network> network = JobReader.network(section.section("network"), problems);
        Optional<Http.Proxy> proxy =
                section.section("http").scalar("proxy").flatMap(node -> new ProxyReader(problems).read(node));
        return limits.flatMap(most -> network.map(open -> new JobBounds(most, open, proxy)));
    }

    private Optional<Path> path(YamlNode.Scalar node) {
        try {
            return Optional.of(Path.of(node.text()));
        } catch (InvalidPathException e) {
            problems.add(node.at(), "tokenFile is not a path: " + e.getReason());
            return Optional.empty();
        }
    }
}
