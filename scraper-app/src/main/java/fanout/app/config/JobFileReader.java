package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.Setting;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.BundledSchema;
import fanout.app.config.schema.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a job file: each option and the environment win over what it says, and it may name other files. */
public final class JobFileReader {

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
        Optional<InputStream> standardInput = content == System.in ? Optional.empty() : Optional.of(System.in);
        FileRules rules = new FileRules(source, folder, overrides, Optional.of(environment), standardInput);
        return new JobPipeline<>(source, rules).read(content.readNBytes(JobPipeline.MOST_BYTES + 1));
    }

    /** @param standardInput empty if the job is read from it */
    private record FileRules(
            String source,
            Optional<Path> folder,
            JobOverrides overrides,
            Optional<Map<String, String>> environment,
            Optional<InputStream> standardInput)
            implements
            JobPipeline.Rules<JobFile> {

        @Override
        public Optional<YamlNode.Mapping> set(Optional<YamlNode.Mapping> root, Problems found) {
            Optional<YamlNode.Mapping> changed = root;
            for (String set : overrides.sets()) {
                Optional<Setting> setting = Setting.parse(set, found);
                changed = setting.isEmpty() ? changed : changed.map(job -> setting.get().applyTo(job, found));
            }
            return changed;
        }

        @Override
        public List<Setting> outputs() {
            return overrides.outputs();
        }

        @Override
        public Optional<JobFile> read(YamlNode.Mapping checked, Problems found, boolean isWhole) {
            return new JobReader(found, new JobPaths(found, source, folder),
                    isWhole ? standardInput : Optional.empty())
                    .read(Section.of(checked, found, BundledSchema.JOB));
        }
    }
}
