package fanout.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import fanout.Scraper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which package of the command may know which, what may be public, and what of the library the command may use. */
class ArchitectureTest {

    /**
     * Each package within {@code fanout.app}, and those that it may import; the empty name is {@code fanout.app}
     * itself.
     */
    private static final Map<String, Set<String>> PACKAGES = Map.ofEntries(
            Map.entry("", Set.of("cli", "demo", "rehearsal", "run", "terminal")),
            Map.entry("rehearsal", Set.of("config", "demo", "run", "service")),
            Map.entry("cli",
                    Set.of("config", "config.schema", "demo", "json", "progress", "reportpage", "run", "service",
                            "service.access", "signal", "store", "terminal", "trial")),
            Map.entry("run", Set.of("config", "json", "metrics", "progress", "signal", "sinks", "terminal")),
            Map.entry("service",
                    Set.of("config", "dashboard", "metrics", "service.access", "service.api", "service.crawl",
                            "service.http", "store")),
            Map.entry("service.api",
                    Set.of("config", "config.document", "config.schema", "json", "metrics", "reportpage",
                            "service.access", "service.crawl", "service.http", "service.run", "store")),
            Map.entry("service.access", Set.of("config.schema", "json", "service.http", "store")),
            Map.entry("service.crawl", Set.of("config", "json", "metrics", "service.run", "store")),
            Map.entry("service.run", Set.of("json", "metrics", "run", "store")),
            Map.entry("service.http", Set.of("json", "store")),
            Map.entry("reportpage", Set.of("json", "terminal")),
            Map.entry("dashboard", Set.of("service.http")),
            Map.entry("store", Set.of("config.document")),
            Map.entry("metrics", Set.of()),
            Map.entry("json", Set.of()),
            Map.entry("progress", Set.of("config", "signal", "terminal")),
            Map.entry("demo", Set.of("config", "terminal")),
            Map.entry("trial", Set.of("terminal")),
            Map.entry("config", Set.of("config.document", "config.schema", "json", "terminal")),
            Map.entry("config.schema", Set.of("config.document")),
            Map.entry("config.document", Set.of()),
            Map.entry("sinks", Set.of("config", "extension", "json")),
            Map.entry("extension", Set.of()),
            Map.entry("signal", Set.of()),
            Map.entry("terminal", Set.of()));

    private static JavaClasses app = new ClassFileImporter().importClasses();
    private static JavaClasses wrong = new ClassFileImporter().importClasses();

    @BeforeAll
    static void readClasses() {
        Location command = of(Main.class);
        Location bad = Location.of(Objects.requireNonNull(ArchitectureTest.class.getResource("wrong")));
        JavaClasses all = new ClassFileImporter().importLocations(List.of(command, bad, of(Scraper.class)));
        wrong = all.that(resideInAPackage("fanout.app.wrong.."));
        app = all.that(resideInAPackage("fanout.app..")).that(resideOutsideOfPackage("fanout.app.wrong.."));
    }

    /** Collections of the heap would have to look at them for as long as this JVM runs tests. */
    @AfterAll
    static void forgetClasses() {
        wrong = new ClassFileImporter().importClasses();
        app = wrong;
    }

    /** Where a class was loaded from, with all that is beside it. */
    private static Location of(Class<?> type) {
        return Location.of(type.getProtectionDomain().getCodeSource().getLocation());
    }

    @Test
    void aPackageImportsOnlyWhatTheTableAllows() {
        ArchitectureRules.importOnly(PACKAGES).check(app);
    }

    @Test
    void theTableNamesEveryPackageAndNoOther() {
        assertThat(app.stream().map(ArchitectureRules::packageOf).collect(toSet()))
                .isEqualTo(PACKAGES.keySet());
        assertThat(PACKAGES.values()).allMatch(PACKAGES.keySet()::containsAll);
    }

    @Test
    void packagesFormNoCycle() {
        ArchitectureRules.PACKAGES_FORM_NO_CYCLE.check(app);
    }

    @Test
    void typesFormNoCycle() {
        ArchitectureRules.TYPES_FORM_NO_CYCLE.check(app);
    }

    @Test
    void aTypeIsPublicOnlyIfAnotherPackageUsesIt() throws IOException {
        ArchitectureRules.publicTypesAreUsed(loggingConfiguration()).check(app);
    }

    @Test
    void onlyMainEndsTheJvm() {
        ArchitectureRules.ONLY_MAIN_ENDS_THE_JVM.check(app);
    }

    @Test
    void nothingSleeps() {
        ArchitectureRules.NOTHING_SLEEPS.check(app);
    }

    @Test
    void namesSayTheRole() {
        ArchitectureRules.NAMES_SAY_THE_ROLE.check(app);
    }

    @Test
    void onlyApiOfTheLibraryIsUsed() {
        ArchitectureRules.ONLY_API_OF_THE_LIBRARY_IS_USED.check(app);
    }

    /** A rule that can find nothing proves nothing: each must refuse types that break it. */
    @Test
    void eachRuleFindsWhatItForbids() {
        assertThat(
                Stream.of(ArchitectureRules.ONLY_API_OF_THE_LIBRARY_IS_USED, ArchitectureRules.ONLY_MAIN_ENDS_THE_JVM,
                        ArchitectureRules.NOTHING_SLEEPS, ArchitectureRules.NAMES_SAY_THE_ROLE,
                        ArchitectureRules.PACKAGES_FORM_NO_CYCLE, ArchitectureRules.TYPES_FORM_NO_CYCLE,
                        ArchitectureRules.publicTypesAreUsed(""),
                        ArchitectureRules.importOnly(Map.of("wrong", Set.of(), "wrong.inner", Set.of()))))
                .allSatisfy(rule -> assertThat(rule.evaluate(wrong).hasViolation()).as(rule.getDescription()).isTrue());
    }

    private static String loggingConfiguration() throws IOException {
        try (InputStream file = Objects.requireNonNull(Main.class.getResourceAsStream("/logback.xml"))) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }
}
