package fanout.app.config.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.document.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The JSON Schemas (draft 2020-12) that the command brings along, one for each kind of document. Thread-safe. */
public enum BundledSchema {
    /** What a crawl is asked to do. */
    JOB("job.schema.json"),
    /** How the service is set up. */
    SERVICE("service.schema.json");

    /** What was read, when it was first wanted: other commands need no schema. */
    private static final Map<BundledSchema, SchemaNode> READ = new ConcurrentHashMap<>();

    private final String file;

    BundledSchema(String file) {
        this.file = "/fanout/app/config/" + file;
    }

    /** The schema as it is published. */
    public String text() {
        try (InputStream in = Objects.requireNonNull(BundledSchema.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a whole document must look like. */
    SchemaNode shape() {
        return READ.computeIfAbsent(this, BundledSchema::read);
    }

    private SchemaNode read() {
        Problems problems = new Problems();
        YamlNode root = YamlReader.read(file, text(), problems).orElseThrow(); // JSON is YAML
        if (!problems.isEmpty() || !(root instanceof YamlNode.Mapping mapping)) {
            throw new IllegalStateException("the bundled schema cannot be read: " + problems.all());
        }
        return SchemaNode.of(mapping);
    }
}
