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

    /** A job with nothing but what is required. */
    static final String SMALL = "name: docs\nstartUrls: [http://127.0.0.1:8081/index.html]\n";

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
        return read(job, JobOverrides.NONE, Map.of());
    }

    static JobFile read(String job) throws BadJobException {
        return read(job.getBytes(UTF_8));
    }

    static JobFile read(String job, List<String> sets, Map<String, String> files, Map<String, String> environment)
            throws BadJobException {
        return read(job.getBytes(UTF_8), new JobOverrides(sets, files), environment);
    }

    private static JobFile read(byte[] job, JobOverrides overrides, Map<String, String> environment)
            throws BadJobException {
        try {
            return JobFileReader.read("job.yaml", new ByteArrayInputStream(job), overrides, environment);
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
