package fanout.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import fanout.internal.annotation.Internal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Rules for the packages and types of the command. Each can be shown to find what it forbids. */
final class ArchitectureRules {

    private static final String APP = "fanout.app";

    static final ArchRule ONLY_API_OF_THE_LIBRARY_IS_USED = noClasses()
            .should()
            .dependOnClassesThat(describe("internal", ArchitectureRules::isInternal))
            .because("what the library marks as @Internal may change in any version");

    static final ArchRule ONLY_MAIN_ENDS_THE_JVM = noClasses()
            .that(doNot(describe("be Main", type -> type.isEquivalentTo(Main.class))))
            .should()
            .accessTargetWhere(describe("System.exit, Runtime.exit or Runtime.halt",
                    access -> calls(access, System.class, "exit") || calls(access, Runtime.class, "exit")
                            || calls(access, Runtime.class, "halt")))
            .because("one class says how the process ends");

    static final ArchRule NOTHING_SLEEPS = noClasses()
            .should()
            .accessTargetWhere(describe("Thread.sleep or TimeUnit.sleep", access -> calls(access, Thread.class, "sleep")
                    || calls(access, TimeUnit.class, "sleep")))
            .because("a wait that cannot be ended early delays the end of the process");

    static final ArchRule NAMES_SAY_THE_ROLE =
            noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Manager|Impl)");

    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().assignedFrom(new Packages()).should().beFreeOfCycles();

    static final ArchRule TYPES_FORM_NO_CYCLE =
            slices().assignedFrom(new OutermostTypes()).should().beFreeOfCycles();

    private ArchitectureRules() {}

    /** The type is marked, one around it, or the package. */
    private static boolean isInternal(JavaClass type) {
        return type.isAnnotatedWith(Internal.class) || type.getPackage().isAnnotatedWith(Internal.class)
                || type.getEnclosingClass().filter(ArchitectureRules::isInternal).isPresent();
    }

    private static boolean calls(JavaAccess<?> access, Class<?> owner, String method) {
        return access.getTarget().getOwner().isAssignableTo(owner) && access.getTarget().getName().equals(method);
    }

    /** A type's package within the command's; empty for the command's own. */
    static String packageOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(APP) ? "" : name.substring(APP.length() + 1);
    }

    /** @param table of each package the packages that it may import */
    static ArchRule importOnly(Map<String, Set<String>> table) {
        return classes().should(new ArchCondition<>("import only what the table allows") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String from = packageOf(type);
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass();
                    boolean elsewhere = isOurs(target) && !packageOf(target).equals(from);
                    if (elsewhere && !table.get(from).contains(packageOf(target))) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        });
    }

    /** @param configuration of the logging, which makes objects of the types that it names */
    static ArchRule publicTypesAreUsed(String configuration) {
        return classes().that(describe("public", ArchitectureRules::isPublic))
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

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(APP) || type.getPackageName().startsWith(APP + ".");
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(PUBLIC)
                && type.getEnclosingClass().map(ArchitectureRules::isPublic).orElse(true);
    }

    private static final class Packages implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return isOurs(type) ? SliceIdentifier.of(type.getPackageName())
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
            return isOurs(outermost) ? SliceIdentifier.of(outermost.getName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "types of the command";
        }
    }
}
