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
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job file, read and found to be valid: what to crawl, and where to write it. Immutable.
 *
 * @param job what to crawl
 * @param outputs where to write
 */
public record JobFile(CrawlJob job, Outputs outputs) {

    private static final int MOST_BYTES = 1 << 20;

    /**
     * Reads a job. Nothing is fetched or looked up, and no file but the job's own is opened.
     *
     * @param source the name of the file, for messages
     * @param content YAML 1.2 or JSON in UTF-8; not closed
     * @param options what the command line sets over the file
     * @param environment where {@code ${NAME}} is looked up
     * @throws BadJobException if it is not a valid job; tells everything that is wrong with it
     * @throws IOException if the content cannot be read
     */
    public static JobFile read(String source, InputStream content, Options options, Map<String, String> environment)
            throws BadJobException, IOException {
        Problems problems = new Problems();
        Optional<YamlNode.Mapping> root = text(source, content, problems).flatMap(text -> root(source, text, problems));
        for (String set : options.sets()) {
            Optional<Setting> setting = Setting.parse(set, problems);
            root = setting.isEmpty() ? root : root.map(job -> setting.get().applyTo(job, problems));
        }
        Optional<JobFile> read = root.flatMap(job -> read(job, options, new Environment(environment, problems)));
        if (!problems.isEmpty()) {
            throw new BadJobException(problems.all());
        }
        return read.orElseThrow();
    }

    private static Optional<JobFile> read(YamlNode.Mapping root, Options options, Environment environment) {
        Problems problems = environment.problems();
        SchemaCheck check = new SchemaCheck(problems);
        YamlNode.Mapping job = (YamlNode.Mapping) environment.replaceIn(check.withoutUsersKeys(root));
        for (Setting output : options.outputs()) {
            job = output.applyTo(job, problems);
        }
        return new JobReader(problems).read(Section.of((YamlNode.Mapping) check.check(job), problems));
    }

    private static Optional<YamlNode.Mapping> root(String source, String text, Problems problems) {
        Optional<YamlNode> root = YamlReader.read(source, text, problems);
        if (root.isPresent() && root.get() instanceof YamlNode.Mapping mapping) {
            return Optional.of(mapping);
        }
        if (root.isEmpty() || root.get().isNull()) {
            problems.add(Position.startOf(source), "is empty; a job needs at least name and startUrls");
        } else if (!(root.get() instanceof YamlNode.Refused)) {
            problems.add(root.get().at(), "a job must be a mapping, as in name: docs, not " + root.get().kind());
        }
        return Optional.empty();
    }

    private static Optional<String> text(String source, InputStream content, Problems problems) throws IOException {
        byte[] bytes = content.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            problems.add(Position.startOf(source), "is longer than 1 MiB");
            return Optional.empty();
        }
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            problems.add(Position.startOf(source), "is not UTF-8; save it as UTF-8");
            return Optional.empty();
        }
    }

    /**
     * What the command line sets over the file.
     *
     * @param sets each {@code key.path=value}; later ones win
     * @param files output names ({@code pages}, {@code items}, {@code report}) with their paths; these win over all
     */
    public record Options(List<String> sets, Map<String, String> files) {

        public Options {
            sets = List.copyOf(sets);
            files = Map.copyOf(files);
        }

        private List<Setting> outputs() {
            List<Setting> settings = new ArrayList<>();
            files.forEach((name, path) -> {
                Position at = new Position("--" + name + " " + path, 0, 0);
                settings.add(new Setting(at, List.of("output", name), new YamlNode.Scalar(at, path, false)));
            });
            return settings;
        }
    }
}
