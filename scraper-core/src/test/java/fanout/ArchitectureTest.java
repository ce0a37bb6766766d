package fanout;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import fanout.internal.annotation.Internal;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which package may use which, what may be public, and what nothing in the library does. {@code docs/packages.md} shows
 * the table of {@link Packages}.
 */
class ArchitectureTest {
    private static final Path PAGE = Path.of("docs/packages.md");
    private static final Path SOURCES = Path.of("src/main/java");

    private static final ArchRule ONLY_TASK_TOUCHES_STRUCTURED_TASK_SCOPE = noClasses()
            .that()
            .resideOutsideOfPackage("fanout.internal.task..")
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
            .haveNameNotMatching("fanout\\.internal\\.http\\.OkHttpInternals(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("okhttp3.internal..")
            .because("any version of OkHttp may change them, see ADR 0009");

    private static final ArchRule ONLY_ONE_CLASS_IS_IN_A_PACKAGE_OF_JSOUP = classes()
            .that()
            .resideInAPackage("org.jsoup..")
            .should()
            .haveNameMatching("org\\.jsoup\\.select\\.WatchedSelector(\\$.*)?")
            .because("it must keep step with each version of jsoup, see ADR 0043");

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

    /** Collections of the heap would have to look at them for as long as this JVM runs tests. */
    @AfterAll
    static void forgetTheMainClasses() {
        main = new ClassFileImporter().importClasses();
    }

    static List<String> packages() {
        return Packages.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packages")
    void packageUsesOnlyWhatTheTableAllows(String name) {
        Set<String> allowed = Packages.MAY_USE.get(name);
        assertThat(Packages.names()).containsAll(allowed);
        String[] forbidden = Stream.concat(Stream.of("fanout"),
                Packages.names()
                        .stream()
                        .filter(other -> !other.equals(name) && !allowed.contains(other))
                        .map(other -> Packages.fullName(other) + ".."))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(Packages.fullName(name) + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(main);
    }

    @Test
    void everyClassLivesInAPackageOfTheTable() {
        String[] known = Stream.concat(Stream.of("fanout", "fanout.internal.annotation", "org.jsoup.select"),
                Packages.names().stream().map(name -> Packages.fullName(name) + "..")).toArray(String[]::new);
        classes().should().resideInAnyPackage(known).check(main);
    }

    @Test
    void tableNamesNothingThatIsNotUsed() {
        assertThat(Packages.names()).allSatisfy(name -> {
            Set<String> used = classesOf(name).flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                    .map(dependency -> Packages.nameOf(dependency.getTargetClass().getPackageName()))
                    .collect(Collectors.toSet());
            assertThat(used).as("used by %s", name).containsAll(Packages.MAY_USE.get(name));
        });
    }

    private static Stream<JavaClass> classesOf(String name) {
        return main.stream().filter(type -> Packages.nameOf(type.getPackageName()).equals(name));
    }

    @Test
    void packagesFormNoCycle() {
        slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = Packages.nameOf(type.getPackageName());
                return Packages.names().contains(name) ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "the packages of the table";
            }
        }).should().beFreeOfCycles().check(main);
    }

    /** Classes in one source file count as one, and a sealed type may know those that it permits. */
    @Test
    void noPackageHasACycleInside() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : main) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                String from = sourceOf(type);
                String to = sourceOf(target);
                boolean permits = target.getAllRawInterfaces().stream().anyMatch(each -> sourceOf(each).equals(from))
                        || target.getAllRawSuperclasses().stream().anyMatch(each -> sourceOf(each).equals(from));
                if (type.getPackageName().equals(target.getPackageName()) && !from.equals(to) && !permits) {
                    uses.computeIfAbsent(from, _ -> new TreeSet<>()).add(to);
                }
            }
        }
        Set<String> free = new HashSet<>();
        uses.keySet().forEach(type -> assertNoCycle(type, uses, new ArrayDeque<>(), free));
    }

    private static String sourceOf(JavaClass type) {
        return type.getPackageName() + "." + type.getSource().flatMap(Source::getFileName).orElse(type.getName());
    }

    private static void assertNoCycle(String type, Map<String, Set<String>> uses, Deque<String> path,
            Set<String> free) {
        assertThat(path).as("a circle").doesNotContain(type);
        if (free.contains(type)) {
            return;
        }
        path.addLast(type);
        uses.getOrDefault(type, Set.of()).forEach(used -> assertNoCycle(used, uses, path, free));
        path.removeLast();
        free.add(type);
    }

    /** What is public is part of the API, or is marked and used by another package. */
    @Test
    void nothingIsPublicByAccident() {
        List<String> accidental = main.stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(ArchitectureTest::isInternal)
                .filter(type -> main.stream()
                        .filter(part -> sourceOf(part).equals(sourceOf(type)))
                        .flatMap(part -> part.getDirectDependenciesToSelf().stream())
                        .allMatch(use -> use.getOriginClass().getPackageName().equals(type.getPackageName())))
                .map(JavaClass::getName)
                .toList();
        assertThat(accidental).as("public, but used by their own package only").isEmpty();
    }

    private static boolean isInternal(JavaClass type) {
        return type.isAnnotatedWith(Internal.class) || type.getPackage().isAnnotatedWith(Internal.class);
    }

    @Test
    void pageShowsTheTable() throws IOException {
        if (Boolean.getBoolean("fanout.write")) {
            Files.writeString(PAGE, Packages.page(SOURCES));
        }
        assertThat(Files.readString(PAGE)).as("write it anew with -Dfanout.write=true")
                .isEqualTo(Packages.page(SOURCES));
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
        ONLY_ONE_CLASS_IS_IN_A_PACKAGE_OF_JSOUP.check(main);
    }

    /** A reader of that file sees each place where the lock is taken; what works under it cannot give it back. */
    @Test
    void onlyFrontierTakesTheLockOfTheFrontiers() {
        assertThat(Stream.of("frontier", "host")
                .flatMap(ArchitectureTest::classesOf)
                .filter(type -> type.getAccessesFromSelf().stream().anyMatch(ArchitectureTest::isOfALock))
                .map(type -> type.getSource().flatMap(Source::getFileName).orElseThrow()))
                .containsOnly("Frontier.java");
    }

    private static boolean isOfALock(JavaAccess<?> access) {
        return access.getTargetOwner().isAssignableTo(Lock.class) && !access.getName().equals("newCondition");
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
