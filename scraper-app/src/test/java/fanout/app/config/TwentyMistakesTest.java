package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The mistakes that people make in a job file, in one list. {@code BadJobsTest} has all kinds. */
class TwentyMistakesTest {

    private static final Path LIST = Path.of("src/test/resources/fanout/app/config/twenty-mistakes.txt");

    /** @param said what is said of the job, a line for each problem */
    record Mistake(String title, String job, List<String> said) {

        static Mistake parse(String block) {
            List<String> lines = block.lines().toList();
            return new Mistake(lines.getFirst(),
                    lines.stream()
                            .skip(1)
                            .filter(line -> !line.isEmpty() && !line.startsWith("=> "))
                            .map(line -> line.replace('⇥', '\t') + "\n")
                            .collect(Collectors.joining()),
                    lines.stream().filter(line -> line.startsWith("=> ")).map(line -> line.substring(3)).toList());
        }

        String written() {
            return "## " + title + "\n" + job.replace('\t', '⇥')
                    + answers().stream().map(line -> "=> " + line + "\n").collect(Collectors.joining());
        }

        List<String> answers() {
            try {
                JobFileReader.read("job.yaml", new ByteArrayInputStream(job.getBytes(UTF_8)), JobOverrides.NONE,
                        Map.of());
                return List.of();
            } catch (BadJobException e) {
                return e.problems().stream().map(problem -> problem.replace("job.yaml:", "")).toList();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static List<String> blocks() throws IOException {
        return List.of(Files.readString(LIST).split("(?m)^## ", -1));
    }

    static Stream<Mistake> mistakes() throws IOException {
        return blocks().stream().skip(1).map(Mistake::parse);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsPlaceAndItsCure(Mistake mistake) {
        if (!Boolean.getBoolean("fanout.write")) {
            assertThat(mistake.answers()).isEqualTo(mistake.said()).isNotEmpty();
        }
    }

    @Test
    void thereAreTwentyAtLeastAndAllOfThemAreAnswered() throws IOException {
        if (Boolean.getBoolean("fanout.write")) {
            List<String> written = new ArrayList<>(List.of(blocks().getFirst().stripTrailing() + "\n"));
            mistakes().forEach(mistake -> written.add(mistake.written()));
            Files.writeString(LIST, String.join("\n", written));
        }
        assertThat(mistakes()).hasSizeGreaterThanOrEqualTo(20)
                .allSatisfy(mistake -> assertThat(mistake.said()).as(mistake.title()).isNotEmpty());
    }
}
