package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The job files of the tests, and how they are read. */
final class JobFiles {

    private static final Path FOLDER = Path.of("src/test/resources/fanout/app/config");

    private JobFiles() {}

    /** Jobs that are valid. */
    static List<Path> good() {
        return in("good").toList();
    }

    /** Jobs that are not valid; the file with {@code .txt} beside each has its problems. */
    static List<Path> bad() {
        return in("bad").filter(path -> !path.toString().endsWith(".txt")).toList();
    }

    private static Stream<Path> in(String folder) {
        try (Stream<Path> found = Files.list(FOLDER.resolve(folder))) {
            return found.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JobFile read(byte[] job) throws BadJobException {
        try {
            return JobFileReader.read("job.yaml", new ByteArrayInputStream(job), JobOverrides.NONE,
                    Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> problems(byte[] job) {
        try {
            read(job);
            return List.of();
        } catch (BadJobException e) {
            return e.problems();
        }
    }

    static List<String> problems(String job) {
        return problems(job.getBytes(UTF_8));
    }
}
