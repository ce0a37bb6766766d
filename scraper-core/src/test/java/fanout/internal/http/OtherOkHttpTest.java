package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole crawls on the first OkHttp 5, which has other internals than the build's, as a user's class path may have it:
 * the outcomes are the same, and one line says what is not checked. The build puts the jar beside the classes.
 */
class OtherOkHttpTest {

    private static final String VERSION = "5.0.0";
    private static final List<String> FLAGS = List.of("--enable-preview", "-XX:+UseSerialGC", "-Xmx512m",
            "-XX:TieredStopAtLevel=1", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED");

    @TempDir
    private Path folder;

    @Test
    void crawlsEndAsTheyShouldAndOneLineSaysWhatIsNotChecked() throws Exception {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(FLAGS);
        command.addFirst(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-classpath", classPathWithFirst(), CrawlsWithOtherOkHttp.class.getName(),
                "fanout.crawl.discovery.CrawlTest"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(Redirect.to(output.toFile()))
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended").isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }

        String said = Files.readString(output);
        assertThat(said).containsPattern("OkHttp " + VERSION + ": [1-9]\\d* passed, 0 failed");
        assertThat(said.lines().filter(line -> line.contains("OkHttpInternals"))).as("%s", said)
                .singleElement()
                .satisfies(line -> assertThat(line).contains("WARN", "OkHttp " + VERSION, "Not checked: ")
                        .contains("NoClassDefFoundError: okhttp3/internal/connection/BufferedSocket"));
        assertThat(said.lines().filter(line -> line.contains(" fanout.internal.http."))).as("%s", said).hasSize(1);
    }

    private static String classPathWithFirst() {
        List<String> entries = Arrays.asList(System
                .getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(File.pathSeparator));
        assertThat(entries).filteredOn(OtherOkHttpTest::isOkHttp).hasSize(1);
        Path target = entries.stream()
                .map(Path::of)
                .filter(entry -> entry.endsWith("test-classes"))
                .findFirst()
                .orElseThrow()
                .getParent();
        Path other = target.resolve("other-okhttp").resolve("okhttp-jvm-" + VERSION + ".jar");
        assertThat(other).isRegularFile();
        return entries.stream()
                .map(entry -> isOkHttp(entry) ? other.toString() : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isOkHttp(String entry) {
        return entry.contains("okhttp-jvm");
    }
}
