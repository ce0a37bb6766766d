package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Environment;
import fanout.app.config.document.Position;
import fanout.app.config.document.Problems;
import fanout.app.config.document.Setting;
import fanout.app.config.document.SoundPart;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import fanout.app.config.schema.SchemaCheck;
import fanout.app.config.schema.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads a job file: syntax, what {@code --set} sets, the environment, output options, the schema, and then what no schema can check,
 * by {@link JobReader}. */
public final class JobFileReader {

    private static final int MOST_BYTES = 1 << 20;

    private JobFileReader() {}

    /**
     * Reads a job file, and the files that it names, which are relative to its folder. Nothing is fetched or looked up.
     *
     * @param source the name of the file, for messages
     * @param overrides what the command line sets over the file
     * @param environment where {@code ${NAME}} is looked up
     * @throws BadJobException if it is not a valid job; it has all problems
     * @throws IOException if the file cannot be read
     */
    public static JobFile read(String source, Path file, JobOverrides overrides, Map<String, String> environment)
            throws BadJobException, IOException {
        Path parent = file.getParent();
        try (InputStream content = Files.newInputStream(file)) {
            return read(source, content, Optional.of(parent == null ? Path.of("") : parent), overrides, environment);
        }
    }

    /**
     * Reads a job that lies in no folder: the files that it names are relative to the working directory.
     *
     * @param source the name of the text, for messages
     * @param content YAML 1.2 or JSON in UTF-8; not closed. If it is standard input, that holds no start URLs
     * @param overrides what the command line sets over the file
     * @param environment where {@code ${NAME}} is looked up
     * @throws BadJobException if it is not a valid job; it has all problems
     * @throws IOException if the content cannot be read
     */
    public static JobFile read(String source, InputStream content, JobOverrides overrides,
            Map<String, String> environment)
            throws BadJobException, IOException {
        return read(source, content, Optional.empty(), overrides, environment);
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the very same stream
    private static JobFile read(String source, InputStream content, Optional<Path> folder, JobOverrides overrides,
            Map<String, String> environment)
            throws BadJobException, IOException {
        Problems problems = new Problems();
        JobPaths paths = new JobPaths(problems, source, folder);
        Optional<String> text = text(source, content, problems);
        Optional<YamlNode.Mapping> root = text.flatMap(read -> root(source, read, problems));
        if (root.isEmpty() && text.isPresent() && !problems.isEmpty()) {
            SoundPart.above(problems.all().getLast().at(), source, text.get())
                    .ifPresent(part -> checkPart(part, environment, paths));
        }
        for (String set : overrides.sets()) {
            Optional<Setting> setting = Setting.parse(set, problems);
            root = setting.isEmpty() ? root : root.map(job -> setting.get().applyTo(job, problems));
        }
        Optional<InputStream> standardInput = content == System.in ? Optional.empty() : Optional.of(System.in);
        Optional<JobFile> read = root.flatMap(
                job -> read(job, overrides, new Environment(environment, problems), paths, standardInput));
        if (!problems.isEmpty()) {
            throw new BadJobException(problems.all());
        }
        return read.orElseThrow();
    }

    private static Optional<JobFile> read(YamlNode.Mapping root, JobOverrides overrides, Environment environment,
            JobPaths paths, Optional<InputStream> standardInput) {
        Problems problems = environment.problems();
        SchemaCheck check = new SchemaCheck(problems);
        YamlNode.Mapping job = (YamlNode.Mapping) environment.replaceIn(check.withoutUsersKeys(root));
        for (Setting output : overrides.outputs()) {
            job = output.applyTo(job, problems);
        }
        return new JobReader(problems, paths, standardInput)
                .read(Section.of((YamlNode.Mapping) check.check(job), problems));
    }

    /** Of a document that breaks off: what is wrong with each key. What the document lacks may stand in the rest. */
    private static void checkPart(YamlNode.Mapping part, Map<String, String> environment, JobPaths paths) {
        Problems found = new Problems();
        SchemaCheck check = new SchemaCheck(found);
        YamlNode replaced = new Environment(environment, found).replaceIn(check.withoutUsersKeys(part));
        YamlNode.Mapping checked = check.checkPart((YamlNode.Mapping) replaced);
        new JobReader(found, new JobPaths(found, paths.source(), paths.folder()), Optional.empty())
                .read(Section.of(checked, found));
        found.all()
                .stream()
                .filter(problem -> !problem.at().equals(part.at())) // about the job as a whole
                .forEach(problem -> paths.problems().add(problem.at(), problem.message()));
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
}
