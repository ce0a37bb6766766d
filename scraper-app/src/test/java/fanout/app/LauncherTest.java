package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the launcher of a checkout builds, in a checkout, with a JDK and a Maven, that are no more than their names. */
@Timeout(60)
class LauncherTest {

    private static final Instant MAVEN_BEGAN = Instant.parse("2026-01-02T00:00:00Z");
    private static final List<String> SOURCES =
            List.of("pom.xml", "scraper-core/pom.xml", "scraper-core/src/main/Core.java", "scraper-app/pom.xml",
                    "scraper-app/src/main/App.java");

    @TempDir
    private Path checkout;

    @BeforeEach
    void makeACheckout() throws IOException {
        program("scraper-app/bin/scraper", Files.readString(Path.of("bin/scraper")));
        program("jdk/bin/java", "#!/bin/sh\necho started\n");
        program("jdk/bin/javac", "#!/bin/sh\n");
        write("jdk/release", "JAVA_VERSION=\"25.0.1\"\n");
        program("path/mvn", "#!/bin/sh\ntouch '" + checkout.resolve("mvn-ran") + "'\n");
        for (String source : SOURCES) {
            saved(write(source, ""), MAVEN_BEGAN.minusSeconds(60));
        }
        for (String folder : List.of("scraper-core/src/main", "scraper-app/src/main")) {
            saved(checkout.resolve(folder), MAVEN_BEGAN.minusSeconds(60));
        }
        write("scraper-app/target/lib/scraper-app.jar", "");
        write("scraper-app/target/lib/scraper-core-0.1.0.jar", "");
        write("scraper-app/target/launcher/trained", checkout.resolve("jdk") + "\n\n");
    }

    @Test
    void aCheckoutThatMavenHasBuiltIsStarted() throws Exception {
        built("scraper-core", MAVEN_BEGAN);
        built("scraper-app", MAVEN_BEGAN);

        assertThat(launch()).isEqualTo("started\n");
        assertThat(checkout.resolve("mvn-ran")).doesNotExist();
    }

    @Test
    void aSourceThatWasSavedWhileMavenRanIsBuilt() throws Exception {
        for (String source : SOURCES) {
            built("scraper-core", MAVEN_BEGAN);
            built("scraper-app", MAVEN_BEGAN);
            saved(checkout.resolve(source), MAVEN_BEGAN.plusSeconds(1));

            assertThat(launch()).contains("sources have changed; building").endsWith("started\n");
            assertThat(Files.deleteIfExists(checkout.resolve("mvn-ran"))).as(source).isTrue();
            saved(checkout.resolve(source), MAVEN_BEGAN.minusSeconds(60));
        }
    }

    /** Maven alone in scraper-app takes a scraper-core from the local repository. */
    @Test
    void modulesThatWereBuiltApartAreBuiltTogether() throws Exception {
        built("scraper-core", MAVEN_BEGAN);
        built("scraper-app", MAVEN_BEGAN.plusSeconds(100));

        assertThat(launch()).contains("building");
        assertThat(checkout.resolve("mvn-ran")).exists();
    }

    @Test
    void aCheckoutThatMavenHasNotPackagedIsBuilt() throws Exception {
        assertThat(launch()).contains("building");
        assertThat(Files.deleteIfExists(checkout.resolve("mvn-ran"))).isTrue();

        built("scraper-core", MAVEN_BEGAN);
        built("scraper-app", MAVEN_BEGAN);
        Files.delete(checkout.resolve("scraper-app/target/lib/scraper-app.jar"));
        assertThat(launch()).contains("first use of this checkout: building", "not built");
        assertThat(checkout.resolve("mvn-ran")).exists();
    }

    /** What the JVM does on its way out, such as writing a recording, is asked for by options. */
    @Test
    void theProcessEndsAtOnceUnlessThereAreOptionsForTheJvm() throws Exception {
        program("jdk/bin/java", "#!/bin/sh\necho \"$*\"\n");
        built("scraper-core", MAVEN_BEGAN);
        built("scraper-app", MAVEN_BEGAN);

        assertThat(launch()).contains("-Dscraper.exit=at-once");
        for (String options : List.of("SCRAPER_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")) {
            assertThat(launch(Map.of(options, "-Xmx1g"))).as(options).doesNotContain("scraper.exit");
        }
    }

    /** Linux lists its processors and libraries in files; here they are in the checkout's folder. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            crawl    | 0    |               | usr/lib/x86_64-linux-gnu/libcrypto.so.3   | true
            crawl    | 0-1  | max 100000    | usr/lib64/libcrypto.so.1.1                | true
            crawl    | 0-15 | 200000 100000 | usr/lib/libcrypto.so.3                    | true
            crawl    | 0-2  |               | usr/lib/libcrypto.so.3                    | false
            crawl    | 0-15 | 200001 100000 | usr/lib/libcrypto.so.3                    | false
            crawl    | 0-15 | max 100000    | usr/lib/libcrypto.so.3                    | false
            crawl    | 0-1  |               | usr/lib/libcrypto.so                      | false
            crawl    |      |               | usr/lib/libcrypto.so.3                    | false
            serve    | 0-1  |               | usr/lib/libcrypto.so.3                    | false
            try      | 0-15 |               | usr/lib/libcrypto.so                      | true
            """)
    void aCrawlOnFewProcessorsRunsWithoutTheOptimizingCompiler(String command, String online, String quota,
            String library, boolean withoutIt) throws Exception {
        program("scraper-app/bin/scraper", Files.readString(Path.of("bin/scraper"))
                .replaceAll(" (/usr/lib|/lib)", " " + checkout + "$1")
                .replace("/sys/", checkout + "/sys/"));
        program("jdk/bin/java", "#!/bin/sh\necho \"$*\"\n");
        built("scraper-core", MAVEN_BEGAN);
        built("scraper-app", MAVEN_BEGAN);
        write(library, "");
        if (online != null) {
            write("sys/devices/system/cpu/online", online + "\n");
        }
        if (quota != null) {
            write("sys/fs/cgroup/cpu.max", quota + "\n");
        }

        assertThat(launch(Map.of(), command).contains("-XX:TieredStopAtLevel=1")).isEqualTo(withoutIt);
        assertThat(launch(Map.of("SCRAPER_JAVA_OPTS", "-XX:TieredStopAtLevel=4"), command))
                .as("options of the user's win")
                .containsPattern("-XX:TieredStopAtLevel=4.* -jar")
                .doesNotContainPattern("TieredStopAtLevel=4.*TieredStopAtLevel=1");
    }

    private String launch() throws IOException, InterruptedException {
        return launch(Map.of());
    }

    /** What is printed, on either stream. */
    private String launch(Map<String, String> further, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", checkout.resolve("scraper-app/bin/scraper").toString());
        builder.command().addAll(List.of(arguments));
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", checkout.resolve("jdk").toString());
        environment.put("PATH", checkout.resolve("path") + ":" + environment.get("PATH"));
        for (String options : List.of("SCRAPER_BUILD", "SCRAPER_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")) {
            environment.remove(options);
        }
        environment.putAll(further);
        Process launcher = builder.redirectErrorStream(true).start();
        launcher.getOutputStream().close();
        String printed = new String(launcher.getInputStream().readAllBytes(), UTF_8);
        launcher.waitFor();
        return printed;
    }

    private void built(String module, Instant began) throws IOException {
        write(module + "/target/launcher/built", began + "\n");
    }

    private void program(String name, String text) throws IOException {
        assertThat(write(name, text).toFile().setExecutable(true)).isTrue();
    }

    private Path write(String name, String text) throws IOException {
        Path file = checkout.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static void saved(Path file, Instant at) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(at));
    }
}
