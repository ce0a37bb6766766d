package fanout;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which room may know which: data flows one way. A room that is still empty passes. */
class ArchitectureTest {
    /** Room to the rooms that it may import; {@code fanout} itself, the public front, may import all. */
    private static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            Map.entry("url", Set.of()),
            Map.entry("leak", Set.of()),
            Map.entry("job", Set.of("page", "url")),
            Map.entry("page", Set.of("url", "task")),
            Map.entry("task", Set.of()),
            Map.entry("channel", Set.of("task")),
            Map.entry("host", Set.of("job", "page", "url", "task")),
            Map.entry("frontier", Set.of("host", "job", "leak", "page", "url", "task")),
            Map.entry("fetch", Set.of("job", "leak", "page", "url", "task")),
            Map.entry("parse", Set.of("job", "host", "page", "url", "task")),
            Map.entry("sink", Set.of("page", "url", "channel", "task")),
            Map.entry("worker", Set.of("frontier", "fetch", "parse", "channel", "host", "job", "page", "url", "task")),
            Map.entry("metrics", Set.of("host", "frontier", "fetch", "channel", "worker", "sink", "page", "task")));

    private static final ArchRule ONLY_TASK_TOUCHES_STRUCTURED_TASK_SCOPE = noClasses()
            .that()
            .resideOutsideOfPackage("fanout.task..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.concurrent\\.StructuredTaskScope.*")
            .because("it is a preview API, which will change")
            .allowEmptyShould(true);

    private static final ArchRule ONLY_THE_LEAK_EXTENSION_NEEDS_JUNIT = noClasses()
            .that()
            .resideOutsideOfPackage("fanout.leak.junit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.junit..", "org.opentest4j..")
            .because("a user of the library need not have it")
            .allowEmptyShould(true);

    private static final ArchRule NOTHING_ENDS_THE_JVM = noClasses()
            .should()
            .accessTargetWhere(describe("System.exit, Runtime.exit or Runtime.halt",
                    access -> calls(access, System.class, "exit")
                            || calls(access, Runtime.class, "exit")
                            || calls(access, Runtime.class, "halt")))
            .because("a library leaves that to its user")
            .allowEmptyShould(true);

    private static final ArchRule NOTHING_SLEEPS = noClasses()
            .should()
            .accessTargetWhere(describe("Thread.sleep or TimeUnit.sleep", access -> calls(access, Thread.class, "sleep")
                    || calls(access, TimeUnit.class, "sleep")))
            .because("every timed wait goes through Ticker")
            .allowEmptyShould(true);

    private static final ArchRule ONLY_ONE_CLASS_KNOWS_THE_INTERNALS_OF_OKHTTP = noClasses()
            .that()
            .haveNameNotMatching("fanout\\.okhttp\\.OkHttpInternals(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("okhttp3.internal..")
            .because("any version of OkHttp may change them, see ADR 0009");

    private static final ArchRule NAMES_SAY_THE_ROLE = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helpers?|Manager|Impl)")
            .allowEmptyShould(true);

    private static JavaClasses main = new ClassFileImporter().importClasses();

    @BeforeAll
    static void readTheMainClasses() throws URISyntaxException {
        Path tests = Path.of(ArchitectureTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path classes = tests.resolveSibling("classes");
        assertThat(classes).as("compiled main classes beside %s", tests).isDirectory();
        main = new ClassFileImporter().importPath(classes);
    }

    static Stream<Arguments> rooms() {
        return ROOMS.entrySet().stream().map(room -> arguments(room.getKey(), room.getValue()));
    }

    @ParameterizedTest(name = "{0} may import {1}")
    @MethodSource("rooms")
    void roomImportsOnlyWhatTheTableAllows(String room, Set<String> allowed) {
        assertThat(ROOMS.keySet()).containsAll(allowed);
        String[] forbidden = Stream.concat(
                Stream.of("fanout"),
                ROOMS.keySet()
                        .stream()
                        .filter(other -> !other.equals(room) && !allowed.contains(other))
                        .map(other -> "fanout." + other + ".."))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("fanout." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .allowEmptyShould(true)
                .check(main);
    }

    @Test
    void everyClassLivesInARoom() {
        String[] known =
                Stream.concat(Stream.of("fanout"), ROOMS.keySet().stream().map(room -> "fanout." + room + ".."))
                        .toArray(String[]::new);
        classes().should().resideInAnyPackage(known).allowEmptyShould(true).check(main);
    }

    @Test
    void roomsFormNoCycle() {
        slices().matching("fanout.(*)..").should().beFreeOfCycles().allowEmptyShould(true).check(main);
    }

    @Test
    void onlyTaskTouchesStructuredTaskScope() {
        ONLY_TASK_TOUCHES_STRUCTURED_TASK_SCOPE.check(main);
    }

    @Test
    void onlyTheLeakExtensionNeedsJUnit() {
        ONLY_THE_LEAK_EXTENSION_NEEDS_JUNIT.check(main);
    }

    @Test
    void coreNeverEndsTheJvm() {
        NOTHING_ENDS_THE_JVM.check(main);
    }

    @Test
    void coreNeverSleeps() {
        NOTHING_SLEEPS.check(main);
    }

    @Test
    void onlyOneClassKnowsTheInternalsOfOkHttp() {
        ONLY_ONE_CLASS_KNOWS_THE_INTERNALS_OF_OKHTTP.check(main);
    }

    @Test
    void classNamesSayTheirRole() {
        NAMES_SAY_THE_ROLE.check(main);
    }

    @Test
    void noPackageIsADrawerForEverything() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..impl..", "..common..", "..helper..", "..manager..")
                .allowEmptyShould(true)
                .check(main);
    }

    /** A rule that can find nothing proves nothing: each must refuse a class that breaks it. */
    @Test
    void rulesFindWhatTheyForbid() {
        JavaClasses bad = new ClassFileImporter().importClasses(SleepingHelper.class);
        assertThat(Stream.of(
                ONLY_TASK_TOUCHES_STRUCTURED_TASK_SCOPE,
                ONLY_THE_LEAK_EXTENSION_NEEDS_JUNIT,
                NOTHING_ENDS_THE_JVM,
                NOTHING_SLEEPS,
                ONLY_ONE_CLASS_KNOWS_THE_INTERNALS_OF_OKHTTP,
                NAMES_SAY_THE_ROLE))
                .allSatisfy(rule -> assertThat(rule.evaluate(bad).hasViolation()).as(rule.getDescription()).isTrue());
    }

    private static boolean calls(JavaAccess<?> access, Class<?> owner, String method) {
        return access.getTarget().getOwner().isAssignableTo(owner) && access.getTarget().getName().equals(method);
    }

    /** Breaks every rule; never run. */
    static final class SleepingHelper {
        private SleepingHelper() {}

        static void breakEveryRule() throws InterruptedException {
            try (var scope = StructuredTaskScope.open()) {
                scope.join();
            }
            Assumptions.abort(okhttp3.internal.Internal.class.getName());
            Thread.sleep(1);
            System.exit(1);
        }
    }
}
