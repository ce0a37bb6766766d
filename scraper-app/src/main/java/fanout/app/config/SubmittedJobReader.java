package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Environment;
import fanout.app.config.document.Position;
import fanout.app.config.document.Problems;
import fanout.app.config.document.Setting;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import fanout.app.config.schema.SchemaCheck;
import fanout.app.config.schema.Section;
import fanout.job.CrawlJob;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a job that was handed to a service: as a job file, and within what the service allows. Nothing is taken from the
 * environment, and no file of the machine is read, because it is not the submitter's machine.
 */
public final class SubmittedJobReader {

    private final Problems problems = new Problems();
    private final JobBounds bounds;

    private SubmittedJobReader(JobBounds bounds) {
        this.bounds = bounds;
    }

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
        return new SubmittedJobReader(bounds).read(json ? "job.json" : "job.yaml", json, content, limits);
    }

    private JobFile read(String source, boolean json, byte[] content, Optional<byte[]> limits) throws BadJobException {
        Optional<String> text = text(source, content);
        if (json && text.isPresent()) {
            checkJson(source, text.get());
        }
        Optional<YamlNode> root =
                problems.isEmpty() ? text.flatMap(found -> YamlReader.read(source, found, problems)) : Optional.empty();
        boolean unreadable = !problems.isEmpty() && !(root.isPresent() && root.get() instanceof YamlNode.Mapping);
        if (unreadable) {
            throw new BadJobException(problems.all(), false);
        }
        Optional<JobFile> read = root.flatMap(node -> mapping(source, node))
                .map(job -> limits.isPresent() ? withLimits(job, limits.get()) : job)
                .flatMap(this::job);
        if (root.isEmpty()) {
            mapping(source, new YamlNode.Scalar(Position.startOf(source), "", true));
        }
        if (!problems.isEmpty()) {
            throw new BadJobException(problems.all());
        }
        return read.orElseThrow();
    }

    private Optional<String> text(String source, byte[] content) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException e) {
            problems.add(Position.startOf(source), "is not UTF-8");
            return Optional.empty();
        }
    }

    /** The reader of YAML takes more than JSON. */
    private void checkJson(String source, String text) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            int documents = 0;
            int depth = 0;
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                documents += depth == 0 ? 1 : 0;
            }
            if (documents > 1) {
                problems.add(Position.startOf(source), "not valid JSON: more than one value");
            }
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            problems.add(at == null ? Position.startOf(source)
                    : new Position(source, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr())),
                    "not valid JSON: " + e.getOriginalMessage());
        }
    }

    private YamlNode.Mapping withLimits(YamlNode.Mapping job, byte[] limits) {
        YamlNode.Mapping changed = job;
        Optional<YamlNode> given = YamlReader.read("limits", new String(limits, UTF_8), problems);
        if (given.isPresent() && given.get() instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                changed = limit(entry).applyTo(changed, problems);
            }
        } else {
            problems.add(Position.startOf("limits"), "limits must be an object, as in {\"maxPages\": 500}");
        }
        return changed;
    }

    /** Its place is the key alone: where it stands in the text that was sent is not known here. */
    private static Setting limit(YamlNode.Entry entry) {
        String key = entry.key().text();
        Position at = new Position("limits", 0, 0, "limits." + key);
        YamlNode value = entry.value() instanceof YamlNode.Scalar scalar
                ? new YamlNode.Scalar(at, scalar.text(), scalar.plain())
                : entry.value();
        return new Setting(at, List.of("limits", key), value);
    }

    private Optional<YamlNode.Mapping> mapping(String source, YamlNode root) {
        if (root instanceof YamlNode.Mapping mapping) {
            return Optional.of(mapping);
        }
        if (root.isNull()) {
            problems.add(Position.startOf(source), "is empty; a job needs at least name and startUrls");
        } else {
            problems.add(root.at(), "a job must be a mapping, as in name: docs, not " + root.kind());
        }
        return Optional.empty();
    }

    private Optional<JobFile> job(YamlNode.Mapping root) {
        SchemaCheck check = new SchemaCheck(problems);
        YamlNode plain = withoutReferences(check.withoutUsersKeys(root));
        YamlNode.Mapping unescaped = (YamlNode.Mapping) new Environment(Map.of(), problems).replaceIn(plain);
        YamlNode.Mapping checked = (YamlNode.Mapping) check.check(unescaped);
        Section section = Section.of(checked, problems);
        SubmittedJobRules rules = new SubmittedJobRules(section, bounds, problems);
        rules.check();
        Section harmless = Section.of(rules.withoutFiles(checked), problems);
        return new JobReader(problems, JobPaths.ofWorkingDirectory(problems), Optional.empty()).read(harmless)
                .map(file -> new JobFile(within(file.job()), file.outputs(), file.warnings()));
    }

    /** The environment is the service's own, and may hold its secrets. */
    private YamlNode withoutReferences(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> {
                if (!scalar.text().replace("$${", "").contains("${")) {
                    yield scalar;
                }
                problems.add(scalar.at(), "${…} is not replaced in a job for a service; write the value itself, or $${ "
                        + "for a literal ${");
                yield new YamlNode.Refused(scalar.at());
            }
            case YamlNode.Sequence(Position at, List<YamlNode> elements) ->
                    new YamlNode.Sequence(at, elements.stream().map(this::withoutReferences).toList());
            case YamlNode.Mapping(Position at, List<YamlNode.Entry> entries) ->
                    new YamlNode.Mapping(at, entries.stream()
                            .map(entry -> new YamlNode.Entry(entry.key(), withoutReferences(entry.value())))
                            .toList());
            case YamlNode.Refused refused -> refused;
        };
    }

    private CrawlJob within(CrawlJob job) {
        return job.toBuilder()
                .limits(SmallerLimits.of(job.limits(), bounds.limits()))
                .http(job.http().toBuilder().proxy(bounds.proxy()).build())
                .build();
    }
}
