package fanout.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.mutation.Mutant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulation finds what it is there for: each promise of the architecture is broken in the production code by a
 * patch in {@code src/test/mutations/simulation}, and some seed complains of just that. The search begins with the seed
 * that the table of {@code docs/simulation.md} names; with {@code -Dfanout.write=true} it begins with the first one,
 * and the table is written.
 */
class MutationsTest {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path PATCHES = MODULE.resolve("src/test/mutations/simulation");
    private static final Path PAGE = MODULE.resolve("docs/simulation.md");
    private static final boolean WRITES = Boolean.getBoolean("fanout.write");
    private static final long MOST_SEEDS = 10_000;
    /** Before the words, at the end of a patch's preamble, that the complaint must hold. */
    private static final String SEEN_AS = "Seen as: ";

    /** The names of mutations that a crawl which goes on must show begin so. */
    private static final String RESUME = "resume-";

    /** And those so that a crawl behind a login must show. */
    private static final String SITE = "site-";

    /** A deadlock, a request too early. The rest takes minutes. */
    private static final List<String> QUICK =
            List.of("frontier-blocks-workers-that-add", "ready-time-counts-from-the-lease");

    static List<String> mutations() throws IOException {
        return Boolean.getBoolean("fanout.ci") || WRITES ? all() : QUICK;
    }

    private static List<String> all() throws IOException {
        try (Stream<Path> files = Files.list(PATCHES)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.patch$", "")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void brokenPromiseIsFound(String name) throws IOException {
        try (Mutant mutant = Mutant.of("simulation/" + name)) {
            Map<Long, String> found = seedRun(mutant, name).apply(firstSeed(name), MOST_SEEDS);
            assertThat(found).as("%s: seed and complaint", name).hasSize(1);
            String seenAs = mutant.breaks().substring(mutant.breaks().indexOf(SEEN_AS) + SEEN_AS.length());
            assertThat(found.values()).as("what is complained about, and no crash")
                    .allSatisfy(
                            complaint -> assertThat(complaint).contains(seenAs));
            found.forEach((seed, complaint) -> System.out.printf("%s: seed %,d, %s%n", name, seed,
                    complaint.lines().findFirst().orElse("")));
            if (WRITES) {
                Files.writeString(PAGE, MutationTable.of(Files.readString(PAGE))
                        .only(all())
                        .with(name, mutant.breaks(), found.keySet().iterator().next() + 1)
                        .page());
            }
        }
    }

    /** Loading the program anew is not what is complained about. */
    @Test
    @EnabledIfSystemProperty(named = "fanout.ci", matches = "true")
    void unchangedProgramIsNotComplainedAbout() {
        try (Mutant unchanged = Mutant.unchanged()) {
            assertThat(seedRun(unchanged, "").apply(0L, 500L)).isEmpty();
            assertThat(seedRun(unchanged, RESUME).apply(0L, 500L)).isEmpty();
            assertThat(seedRun(unchanged, SITE).apply(0L, 500L)).isEmpty();
        }
    }

    @Test
    @DisabledIfSystemProperty(named = "fanout.write", matches = "true", disabledReason = "the page is being written")
    void thePageNamesEveryMutation() throws IOException {
        assertThat(MutationTable.of(Files.readString(PAGE)).names()).as("write it anew with -Dfanout.write=true")
                .containsExactlyElementsOf(all());
    }

    @Test
    void everyLinkOfThePageLeadsSomewhere() throws IOException {
        List<Path> links = Pattern.compile("\\]\\(([^)]+)\\)")
                .matcher(Files.readString(PAGE))
                .results()
                .map(link -> PAGE.resolveSibling(link.group(1)))
                .toList();
        assertThat(links).hasSizeGreaterThan(5).allSatisfy(link -> assertThat(link).exists());
    }

    /**
     * Where the search begins: with the seed that showed this mutation when the page was written, which writes it from
     * the first.
     */
    private static long firstSeed(String name) throws IOException {
        return WRITES ? 0 : MutationTable.of(Files.readString(PAGE)).seed(name);
    }

    @SuppressWarnings("unchecked") // the port's own types, which generics do not carry over the border of two loaders
    private static BiFunction<Long, Long, Map<Long, String>> seedRun(Mutant mutant, String name) {
        return mutant.create(BiFunction.class, name.startsWith(RESUME) ? ResumptionRunPort.class
                : name.startsWith(SITE) ? SiteRunPort.class : SeedRunPort.class);
    }
}
