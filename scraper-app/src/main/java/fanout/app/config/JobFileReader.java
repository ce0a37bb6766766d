package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.Setting;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.BundledSchema;
import fanout.app.config.schema.Section;
import fanout.job.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
        try (InputStream content = Files.newInputStream(file)) {
            return read(source, content, Optional.of(file), overrides, environment);
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
    private static JobFile read(String source, InputStream content, Optional<Path> file, JobOverrides overrides,
            Map<String, String> environment)
            throws BadJobException, IOException {
        Optional<InputStream> standardInput = content == System.in ? Optional.empty() : Optional.of(System.in);
        Map<String, Path> files = new LinkedHashMap<>();
        file.ifPresent(path -> files.put(source, path));
        FileRules rules = new FileRules(file, files, overrides, Optional.of(environment), standardInput);
        return new JobPipeline<>(source, rules).read(content.readNBytes(JobPipeline.MOST_BYTES + 1));
    }

    /**
     * @param file empty if the job is not read from a file
     * @param files see {@link JobPaths}; those that the job extends come to it
     * @param standardInput empty if the job is read from it
     */
    private record FileRules(
            Optional<Path> file,
            Map<String, Path> files,
            JobOverrides overrides,
            Optional<Map<String, String>> environment,
            Optional<InputStream> standardInput)
            implements
            JobPipeline.Rules<JobFile> {

        @Override
        public Optional<YamlNode.Mapping> set(Optional<YamlNode.Mapping> root, Problems found) {
            List<Setting> settings =
                    overrides.sets().stream().flatMap(set -> Setting.parse(set, found).stream()).toList();
            JobBases bases = new JobBases(found, new JobPaths(found, files), file);
            return root.map(job -> with(settings, true, job, found))
                    .map(bases::under)
                    .map(job -> with(settings, false, job, found));
        }

        /** Returns a job with what is set over it: what it extends, or the rest. */
        private static YamlNode.Mapping with(List<Setting> settings, boolean ofBases, YamlNode.Mapping job,
                Problems found) {
            YamlNode.Mapping changed = job;
            for (Setting setting : settings) {
                if (setting.path().getFirst().equals(JobBases.EXTENDS) == ofBases) {
                    changed = setting.applyTo(changed, found);
                }
            }
            return changed;
        }

        @Override
        public List<Setting> outputs() {
            return overrides.outputs();
        }

        @Override
        public Optional<JobFile> read(YamlNode.Mapping checked, Problems found, boolean isWhole) {
            Map<String, String> variables = environment.orElse(Map.of());
            Secrets secrets = SecretNames.in(checked,
                    name -> new Secrets.Secret(variables.getOrDefault(name, ""), List.of()));
            return new JobReader(found, new JobPaths(found, files),
                    isWhole ? standardInput : Optional.empty(), secrets)
                    .read(Section.of(checked, found, BundledSchema.JOB), isWhole);
        }
    }
}
