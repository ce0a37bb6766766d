package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program of one's own can read job files, though it has none of the libraries that only the command needs. */
class BareClassPathTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/home/me");

    private static final ClassLoader BARE = new BareClassLoader(BareClassPathTest.class.getClassLoader());

    /** Loads all of our classes again, and none of the command's libraries. */
    private static final class BareClassLoader extends ClassLoader {

        private static final List<String> LACKING =
                List.of("picocli.", "org.sqlite.", "org.jline.", "ch.qos.logback.", "org.slf4j.");

        private BareClassLoader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (LACKING.stream().anyMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("fanout.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known == null ? defined(name) : known;
            }
        }

        private Class<?> defined(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static Object read(Path file) throws ReflectiveOperationException {
        Class<?> overrides = BARE.loadClass(JobOverrides.class.getName());
        return BARE.loadClass(JobFileReader.class.getName())
                .getMethod("read", String.class, Path.class, overrides, Map.class)
                .invoke(null, "job.yaml", file, overrides.getField("NONE").get(null), ENVIRONMENT);
    }

    @Test
    void jobIsReadWithoutTheLibrariesOfTheCommand() throws Exception {
        for (Path file : JobFiles.good()) {
            Object read = read(file);

            assertThat(read.getClass().getClassLoader()).isSameAs(BARE);
            assertThat(read).hasToString(
                    JobFileReader.read("job.yaml", file, JobOverrides.NONE, ENVIRONMENT).toString());
        }
    }

    @Test
    void problemsAreFoundWithoutThemToo() {
        for (Path file : JobFiles.bad()) {
            Throwable expected =
                    catchThrowable(() -> JobFileReader.read("job.yaml", file, JobOverrides.NONE, ENVIRONMENT));

            assertThat(expected).as(file.toString()).isInstanceOf(BadJobException.class);
            assertThatThrownBy(() -> read(file)).isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasToString(expected.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"picocli.CommandLine", "org.sqlite.JDBC", "org.jline.terminal.Terminal",
        "ch.qos.logback.classic.Logger"})
    void classesThatTheTestTakesAwayAreThereOtherwise(String library) throws Exception {
        Class<?> otherwise = Class.forName(library, false, BareClassPathTest.class.getClassLoader());
        assertThat(otherwise.getName()).isEqualTo(library);
        assertThatThrownBy(() -> BARE.loadClass(library)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void commandsDoNotLoadWithoutThem() {
        assertThatThrownBy(() -> BARE.loadClass("fanout.app.cli.CrawlCommand").getDeclaredConstructors())
                .isInstanceOf(NoClassDefFoundError.class);
    }
}
