package fanout.app.config.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The bundled JSON Schema (draft 2020-12) of a job. */
public final class JobSchema {

    private static final String FILE = "/fanout/app/config/job.schema.json";

    private JobSchema() {}

    /** The schema as it is published. */
    public static String text() {
        try (InputStream file = Objects.requireNonNull(JobSchema.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a whole job must look like. */
    static SchemaNode job() {
        return Job.SHAPE;
    }

    /** Read when a job is, once: other commands need no schema. */
    private static final class Job {

        private static final SchemaNode SHAPE = read();

        private static SchemaNode read() {
            Problems problems = new Problems();
            YamlNode root = YamlReader.read(FILE, text(), problems).orElseThrow(); // JSON is YAML
            if (!problems.isEmpty() || !(root instanceof YamlNode.Mapping mapping)) {
                throw new IllegalStateException("the bundled schema cannot be read: " + problems.all());
            }
            return SchemaNode.of(mapping);
        }
    }
}
