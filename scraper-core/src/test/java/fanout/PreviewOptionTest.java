package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library needs a JVM option: without it a user gets one message, at once. */
class PreviewOptionTest {

    @TempDir
    private Path folder;

    /** What a user's program does, in a JVM of its own. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) {
            try (Scraper _ = Scraper.builder().build()) {
                System.out.println("built");
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
                System.out.println(Thread.getAllStackTraces()
                        .keySet()
                        .stream()
                        .filter(Thread::isDaemon)
                        .filter(thread -> thread.getName().startsWith("scraper"))
                        .toList());
            }
        }
    }

    @Test
    void scraperWithoutTheOptionSaysWhichOptionIsMissing() throws Exception {
        assertThat(run(List.of())).containsExactly(
                "fanout-scraper needs the JVM option --enable-preview: it runs on structured concurrency, a preview "
                        + "API of"
                        + " JDK 25 (this is JDK " + Runtime.version() + ")",
                "[]");
    }

    @Test
    void withTheOptionItIsBuilt() throws Exception {
        assertThat(run(List.of("--enable-preview"))).containsExactly("built");
    }

    private List<String> run(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(said.toFile()))
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
            return Files.readAllLines(said);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
