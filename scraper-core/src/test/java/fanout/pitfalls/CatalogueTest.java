package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The catalogue is complete, decides alike however often it is run, and {@code PITFALLS.md} says what is in it. With
 * {@code -Dfanout.write=true} this writes it; {@code -Dfanout.rounds=100} says how often all pitfalls are run.
 */
class CatalogueTest {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path SOURCES = MODULE.resolve("src/test/java/fanout/pitfalls");

    private static List<Class<?>> pitfalls() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Test.java") && !name.equals("CatalogueTest.java"))
                    .<Class<?>>map(
                            name -> load("fanout.pitfalls." + name.substring(0, name.length() - ".java".length())))
                    .sorted(Comparator.comparing(Class::getSimpleName))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyPitfallHasBrokenAndFixedCodeAndATestOfEach() throws IOException {
        assertThat(pitfalls()).isNotEmpty().allSatisfy(pitfall -> {
            assertThat(pitfall.isAnnotationPresent(Pitfall.class)).as("@Pitfall on %s", pitfall).isTrue();
            assertThat(pitfall.getDeclaredClasses()).extracting(Class::getSimpleName).contains("Broken", "Fixed");
            List<String> tests = Arrays.stream(pitfall.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class))
                    .map(Method::getName)
                    .toList();
            assertThat(tests).as("tests of %s", pitfall).anyMatch(name -> name.startsWith("broken"));
            assertThat(tests).as("tests of %s", pitfall).anyMatch(name -> name.startsWith("fixed"));
        });
    }

    @Test
    void everyPitfallHasAnIdOfItsOwnAndAQuestion() throws IOException {
        List<Pitfall> all = pitfalls().stream().map(pitfall -> pitfall.getAnnotation(Pitfall.class)).toList();
        assertThat(all).extracting(Pitfall::id).doesNotHaveDuplicates();
        assertThat(all).allSatisfy(pitfall -> {
            assertThat(pitfall.id()).matches("[a-z]+(-[a-z]+)*");
            assertThat(pitfall.question()).endsWith("?");
            assertThat(pitfall.incidents()).allMatch(incident -> incident.matches("[\\w.-]+/[\\w.-]+#\\d+"));
        });
    }

    @Test
    void everyRoundOfAllPitfallsPasses() throws IOException {
        List<Class<?>> pitfalls = pitfalls();
        int rounds = Integer.getInteger("fanout.rounds", Boolean.getBoolean("fanout.ci") ? 50 : 1);
        Rounds all = Rounds.run(pitfalls, rounds);
        assertThat(all.failures()).isEmpty();
        assertThat(all.passesOfEachTest()).hasSizeGreaterThanOrEqualTo(2 * pitfalls.size())
                .allSatisfy((test, passes) -> assertThat(passes).as(test).isEqualTo(rounds));
    }

    @Test
    void roundsFindATestThatFailsInOneOfThem() {
        assertThat(Rounds.run(List.of(FailsTheThirdTime.class), 4).failures()).singleElement()
                .asString()
                .startsWith("round 3: ");
    }

    /** Run by the test above only. */
    static final class FailsTheThirdTime {

        private static final AtomicInteger TIMES = new AtomicInteger();

        @Test
        void unlessItIsTheThirdTime() {
            assertThat(TIMES.incrementAndGet()).isNotEqualTo(3);
        }
    }

    @Test
    void thePageSaysWhatTheCatalogueSays() throws IOException {
        PitfallsPage page = new PitfallsPage(MODULE.getParent());
        for (Class<?> pitfall : pitfalls()) {
            page.add(pitfall);
        }
        Path file = MODULE.resolveSibling("PITFALLS.md");
        if (Boolean.getBoolean("fanout.write")) {
            Files.writeString(file, page.text());
        } else {
            assertThat(file).as("write it again as CONTRIBUTING.md says").hasContent(page.text());
        }
    }
}
