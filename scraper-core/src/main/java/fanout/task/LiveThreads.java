package fanout.task;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads from a thread dump, virtual threads included, who is alive: a source that no counter of ours wrote. */
public final class LiveThreads {

    private static final JsonFactory JSON = new JsonFactory();

    private LiveThreads() {}

    /**
     * The names of live threads, the calling one excepted, that begin with a prefix.
     *
     * @throws IOException if the dump cannot be written to, or read from, the temporary folder
     */
    public static List<String> startingWith(String prefix) throws IOException {
        Path folder = Files.createTempDirectory("threads");
        Path dump = folder.resolve("dump.json");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
            List<String> names = names(dump);
            names.removeIf(name -> !name.startsWith(prefix));
            names.remove(Thread.currentThread().getName());
            return names;
        } finally {
            Files.deleteIfExists(dump);
            Files.delete(folder);
        }
    }

    /** Of the dump's objects only threads have a name of their own; containers are told by "container". */
    private static List<String> names(Path dump) throws IOException {
        List<String> names = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), dump)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.PROPERTY_NAME && parser.currentName().equals("name")) {
                    parser.nextToken();
                    names.add(parser.getString());
                }
            }
        }
        return names;
    }
}
