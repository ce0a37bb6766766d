package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.job.CrawlJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A job file, read and found to be valid: what to crawl, and where to write it. Immutable.
 *
 * @param job what to crawl
 * @param outputs where to write
 */
public record JobFile(CrawlJob job, Outputs outputs) {

    private static final int MOST_BYTES = 1 << 20;

    /**
     * Reads a job.
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
        YamlNode.Mapping root = root(source, text(source, content), problems);
        for (String set : options.sets()) {
            root = Setting.parse(set, problems).applyTo(root, problems);
        }
        root = (YamlNode.Mapping) new Environment(environment, problems).replaceIn(root);
        for (Setting output : options.outputs()) {
            root = output.applyTo(root, problems);
        }
        return new JobReader(problems).read(root);
    }

    private static YamlNode.Mapping root(String source, String text, Problems problems) throws BadJobException {
        Position start = new Position(source, 1, 1);
        YamlNode root = YamlReader.read(source, text, problems)
                .orElseThrow(() -> new BadJobException(start, "is empty; a job needs at least name and startUrls"));
        if (!(root instanceof YamlNode.Mapping mapping)) {
            throw new BadJobException(root.at(), "a job must be a mapping, not " + root.kind());
        }
        return mapping;
    }

    private static String text(String source, InputStream content) throws BadJobException, IOException {
        byte[] bytes = content.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new BadJobException(new Position(source, 1, 1), "is longer than 1 MiB");
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new BadJobException(new Position(source, 1, 1), "is not UTF-8");
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
