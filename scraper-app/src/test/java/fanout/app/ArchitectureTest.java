package fanout.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import fanout.Scraper;
import fanout.annotation.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which package of the command may know which, what may be public, and what of the library the command may use. */
class ArchitectureTest {

    private static final String APP = "fanout.app";

    /** Each package within {@code fanout.app}, and those that it may import; the empty name is {@code fanout.app} itself. */
    private static final Map<String, Set<String>> PACKAGES = Map.ofEntries(
            Map.entry("", Set.of("cli", "run", "terminal")),
            Map.entry("cli",
                    Set.of("config", "config.schema", "demo", "progress", "run", "signal", "terminal", "trial")),
            Map.entry("run", Set.of("config", "progress", "signal", "terminal")),
            Map.entry("progress", Set.of("config", "signal", "terminal")),
            Map.entry("demo", Set.of("config", "terminal")),
            Map.entry("trial", Set.of("terminal")),
            Map.entry("config", Set.of("config.document", "config.schema")),
            Map.entry("config.schema", Set.of("config.document")),
            Map.entry("config.document", Set.of()),
            Map.entry("signal", Set.of()),
            Map.entry("terminal", Set.of()));

    private static final ArchRule ONLY_API_OF_THE_LIBRARY_IS_USED = noClasses()
            .should()
            .dependOnClassesThat(describe("internal", ArchitectureTest::isInternal))
            .because("what the library marks as @Internal may change in any version");

    private static final ArchRule ONLY_MAIN_ENDS_THE_JVM = noClasses()
            .that(doNot(describe("be Main", type -> type.isEquivalentTo(Main.class))))
            .should()
            .accessTargetWhere(describe("System.exit, Runtime.exit or Runtime.halt",
                    access -> calls(access, System.class, "exit") || calls(access, Runtime.class, "exit")
                            || calls(access, Runtime.class, "halt")))
            .because("one class says how the process ends");

    private static final ArchRule NOTHING_SLEEPS = noClasses()
            .should()
            .accessTargetWhere(describe("Thread.sleep or TimeUnit.sleep", access -> calls(access, Thread.class, "sleep")
                    || calls(access, TimeUnit.class, "sleep")))
            .because("a wait that cannot be ended early delays the end of the process");

    private static final ArchRule NAMES_SAY_THE_ROLE =
            noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Manager|Impl)");

    private static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().assignedFrom(new Packages()).should().beFreeOfCycles();

    private static final ArchRule TYPES_FORM_NO_CYCLE =
            slices().assignedFrom(new OutermostTypes()).should().beFreeOfCycles();

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

    /** Where a class was loaded from, with all that is beside it. */
    private static Location of(Class<?> type) {
        return Location.of(type.getProtectionDomain().getCodeSource().getLocation());
    }

    @Test
    void aPackageImportsOnlyWhatTheTableAllows() {
        classes().should(importOnly(PACKAGES)).check(app);
    }

    @Test
    void theTableNamesEveryPackageAndNoOther() {
        assertThat(app.stream().map(type -> nameOf(type.getPackageName())).collect(toSet()))
                .isEqualTo(PACKAGES.keySet());
        assertThat(PACKAGES.values()).allMatch(PACKAGES.keySet()::containsAll);
    }

    @Test
    void packagesFormNoCycle() {
        PACKAGES_FORM_NO_CYCLE.check(app);
    }

    @Test
    void typesFormNoCycle() {
        TYPES_FORM_NO_CYCLE.check(app);
    }

    @Test
    void aTypeIsPublicOnlyIfAnotherPackageUsesIt() throws IOException {
        publicTypesAreUsed(loggingConfiguration()).check(app);
    }

    @Test
    void onlyMainEndsTheJvm() {
        ONLY_MAIN_ENDS_THE_JVM.check(app);
    }

    @Test
    void nothingSleeps() {
        NOTHING_SLEEPS.check(app);
    }

    @Test
    void namesSayTheRole() {
        NAMES_SAY_THE_ROLE.check(app);
    }

    @Test
    void onlyApiOfTheLibraryIsUsed() {
        ONLY_API_OF_THE_LIBRARY_IS_USED.check(app);
    }

    /** A rule that can find nothing proves nothing: each must refuse types that break it. */
    @Test
    void eachRuleFindsWhatItForbids() {
        assertThat(
                Stream.of(ONLY_API_OF_THE_LIBRARY_IS_USED, ONLY_MAIN_ENDS_THE_JVM, NOTHING_SLEEPS, NAMES_SAY_THE_ROLE,
                        PACKAGES_FORM_NO_CYCLE, TYPES_FORM_NO_CYCLE, publicTypesAreUsed(""),
                        classes().should(importOnly(Map.of("wrong", Set.of(), "wrong.inner", Set.of())))))
                .allSatisfy(rule -> assertThat(rule.evaluate(wrong).hasViolation()).as(rule.getDescription()).isTrue());
    }

    /** The type is marked, one around it, or the package. */
    private static boolean isInternal(JavaClass type) {
        return type.isAnnotatedWith(Internal.class) || type.getPackage().isAnnotatedWith(Internal.class)
                || type.getEnclosingClass().filter(ArchitectureTest::isInternal).isPresent();
    }

    private static boolean calls(JavaAccess<?> access, Class<?> owner, String method) {
        return access.getTarget().getOwner().isAssignableTo(owner) && access.getTarget().getName().equals(method);
    }

    /** A package within the command's; empty for the command's own. */
    private static String nameOf(String packageName) {
        return packageName.equals(APP) ? "" : packageName.substring(APP.length() + 1);
    }

    private static ArchCondition<JavaClass> importOnly(Map<String, Set<String>> table) {
        return new ArchCondition<>("import only what the table allows") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String from = nameOf(type.getPackageName());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String target = dependency.getTargetClass().getPackageName();
                    boolean ours = target.equals(APP) || target.startsWith(APP + ".");
                    if (ours && !nameOf(target).equals(from) && !table.get(from).contains(nameOf(target))) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /** @param configuration of the logging, which makes objects of the types that it names */
    private static ArchRule publicTypesAreUsed(String configuration) {
        return classes().that(describe("public", ArchitectureTest::isPublic))
                .and(doNot(describe("be Main or named in logback.xml", type -> type.isEquivalentTo(Main.class)
                        || configuration.contains('"' + type.getName() + '"'))))
                .should(new ArchCondition<>("be used by another package") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean used = type.getDirectDependenciesToSelf()
                                .stream()
                                .anyMatch(dependency -> !dependency.getOriginClass()
                                        .getPackageName()
                                        .equals(type.getPackageName()));
                        if (!used) {
                            events.add(SimpleConditionEvent.violated(type, type.getName() + " is public, and only its "
                                    + "own package uses it"));
                        }
                    }
                });
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
    }

    private static String loggingConfiguration() throws IOException {
        try (InputStream file = Objects.requireNonNull(Main.class.getResourceAsStream("/logback.xml"))) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    private static final class Packages implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith(APP) ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of the command";
        }
    }

    /** Types, each with those inside it. */
    private static final class OutermostTypes implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            JavaClass outermost = type;
            while (outermost.getEnclosingClass().isPresent()) {
                outermost = outermost.getEnclosingClass().get();
            }
            return outermost.getPackageName().startsWith(APP) ? SliceIdentifier.of(outermost.getName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "types of the command";
        }
    }
}
