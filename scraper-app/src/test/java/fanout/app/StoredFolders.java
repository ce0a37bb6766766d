package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Folders that earlier versions have written, and the web that their crawls were of; README.md next to them has more.
 */
public final class StoredFolders {

    private static final List<String> VERSIONS = List.of("version1", "version1b", "version2");

    private static final String PLACE = "/fanout/app/";

    private StoredFolders() {}

    /** Returns the paths of archives, for {@link #unpack}: those of each version. */
    public static Stream<String> ofEachVersion(String... names) {
        return VERSIONS.stream().flatMap(version -> Stream.of(names).map(name -> version + "/" + name));
    }

    /** Unpacks a folder, also over one that is there. */
    public static void unpack(String name, Path target) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(open(name + ".zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = target.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** What the earlier version made of an unpacked folder. */
    public static List<String> expected(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("expected"));
    }

    /** The pages, behind a proxy; none of them waits. */
    public static ExampleWeb web() throws IOException {
        ExampleWeb web = new ExampleWeb();
        try (InputStream site = open("version1/site.json")) {
            for (var page : new JsonMapper().readTree(site).properties()) {
                JsonNode typeAndBody = page.getValue();
                web.file(page.getKey(), typeAndBody.get(0).stringValue(),
                        typeAndBody.get(1).stringValue().getBytes(UTF_8));
            }
        }
        return web;
    }

    private static InputStream open(String file) {
        return Objects.requireNonNull(StoredFolders.class.getResourceAsStream(PLACE + file), file);
    }
}
