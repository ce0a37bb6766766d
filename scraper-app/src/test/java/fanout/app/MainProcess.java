package fanout.app;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The words that start the command in a JVM of its own. The first caller of a build packs the classes into jars and has
 * a crawl write a cache of what the JVM loads and links, as the launcher does: each further start takes little more
 * than half the time.
 */
final class MainProcess {

    /** The JVM refuses a cache that was written with other options. */
    private static final List<String> JVM = List.of("--enable-preview", "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final Path FOLDER = Path.of("target", "main-process").toAbsolutePath();

    private MainProcess() {}

    /** Returns the words for a command, such as {@code crawl job.yaml}. */
    static List<String> command(String... arguments) {
        return command(List.of(), arguments);
    }

    /** Returns the words for a command whose JVM has further options, such as a smaller heap. */
    static List<String> command(List<String> options, String... arguments) {
        List<String> words = java();
        words.add("-XX:AOTCache=" + FOLDER.resolve("classes.aot"));
        words.addAll(options);
        words.addAll(List.of("-cp", Shared.CLASS_PATH, "fanout.app.Main"));
        words.addAll(List.of(arguments));
        return words;
    }

    private static List<String> java() {
        List<String> words = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        words.addAll(JVM);
        return words;
    }

    /** Made once for all JVMs that run tests: the others wait for its lock. */
    private static final class Shared {

        static final String CLASS_PATH;

        static {
            try {
                Files.createDirectories(FOLDER);
                try (FileChannel lock = FileChannel.open(FOLDER.resolve("lock"), CREATE, WRITE)) {
                    lock.lock();
                    CLASS_PATH = packed();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a first process starts", e);
            }
        }

        private static String packed() throws IOException, InterruptedException {
            List<Path> entries = new ArrayList<>();
            String classPath =
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                boolean ofTests = Files.exists(Path.of(entry, "fanout/app/MainProcess.class"));
                if (!entry.isEmpty() && !ofTests && Files.exists(Path.of(entry))) {
                    entries.add(Path.of(entry).toRealPath());
                }
            }
            StringBuilder state = new StringBuilder();
            List<String> jars = new ArrayList<>();
            for (Path entry : entries) {
                boolean folder = Files.isDirectory(entry);
                jars.add((folder ? FOLDER.resolve(jars.size() + ".jar") : entry).toString());
                state.append(entry).append(' ').append(changed(entry)).append('\n');
            }
            String path = String.join(File.pathSeparator, jars);
            Path made = FOLDER.resolve("made-of");
            if (!Files.exists(made) || !Files.readString(made).contentEquals(state)) {
                Files.deleteIfExists(made);
                for (int i = 0; i < entries.size(); i++) {
                    if (Files.isDirectory(entries.get(i))) {
                        pack(entries.get(i), Path.of(jars.get(i)));
                    }
                }
                train(path);
                Files.writeString(made, state);
            }
            return path;
        }

        private static long changed(Path entry) throws IOException {
            if (!Files.isDirectory(entry)) {
                return Files.getLastModifiedTime(entry).toMillis();
            }
            try (Stream<Path> files = Files.walk(entry)) {
                return files.mapToLong(file -> file.toFile().lastModified()).max().orElseThrow();
            }
        }

        private static void pack(Path folder, Path jar) throws IOException {
            Path unfinished = jar.resolveSibling(jar.getFileName() + ".tmp");
            try (OutputStream out = Files.newOutputStream(unfinished);
                    ZipOutputStream zip = new ZipOutputStream(out);
                    Stream<Path> files = Files.walk(folder)) {
                zip.setLevel(1);
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                    Files.copy(file, zip);
                }
            }
            Files.move(unfinished, jar, REPLACE_EXISTING);
        }

        private static void train(String path) throws IOException, InterruptedException {
            try (Site site = new Site("Page")) {
                Path job = Files.writeString(FOLDER.resolve("job.yaml"), site.job("/10.html"));
                Path said = FOLDER.resolve("said");
                List<String> words = java();
                words.addAll(List.of("-XX:AOTCacheOutput=" + FOLDER.resolve("classes.aot"), "-cp", path,
                        "fanout.app.Main", "crawl", job.toString(), "--progress=none", "--pages=-", "--items=/dev/null",
                        "--report=" + FOLDER.resolve("report.json")));
                Process crawl =
                        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
                try {
                    assertThat(crawl.waitFor(120, TimeUnit.SECONDS)).as("the first crawl ends").isTrue();
                    assertThat(crawl.exitValue()).as(Files.readString(said)).isZero();
                } finally {
                    crawl.destroyForcibly();
                }
            }
        }
    }
}
