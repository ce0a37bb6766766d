package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * After a wait a virtual thread may run a handler, {@code catch} or {@code finally}, as it was compiled when fewer
 * classes were loaded (JDK-8389310, ADR 0038). It then calls the only implementation of that time, even on an object
 * that came into a field during the wait. So no handler calls an object in a field by a type that several classes
 * implement.
 */
class HandlersTest {

    @Test
    void noHandlerCallsAFieldWhoseTypeHasSeveralImplementations() {
        List<ClassModel> main = classesBelow(classPathEntryOf(Scraper.class));

        assertThat(main).hasSizeGreaterThan(300);
        assertThat(openCallsInHandlers(main)).isEmpty();
    }

    @Test
    void ruleFindsWhatItForbids() {
        List<ClassModel> fixtures = classesBelow(classPathEntryOf(HandlersTest.class).resolve("fanout")).stream()
                .filter(each -> each.thisClass().asInternalName().startsWith("fanout/HandlersTest$"))
                .toList();

        assertThat(openCallsInHandlers(fixtures))
                .containsExactlyInAnyOrder("fanout/HandlersTest$Visit.bad calls fanout/HandlersTest$Room.close",
                        "fanout/HandlersTest$Visit.worse calls fanout/HandlersTest$Hall.close");
    }

    private static Path classPathEntryOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<ClassModel> classesBelow(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class")).map(HandlersTest::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> openCallsInHandlers(List<ClassModel> classes) {
        Map<String, Integer> implementations = new HashMap<>();
        classes.forEach(type -> typesImplementedBy(type).forEach(each -> implementations.merge(each, 1, Integer::sum)));
        Set<String> own = classes.stream().map(type -> type.thisClass().asInternalName()).collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        for (ClassModel type : classes) {
            for (MethodModel method : type.methods()) {
                method.code().stream().flatMap(code -> callsOfFieldsInHandlers(code).stream()).forEach(call -> {
                    String owner = call.owner().asInternalName();
                    if (own.contains(owner) && implementations.getOrDefault(owner, 0) > 1) {
                        found.add("%s.%s calls %s.%s".formatted(type.thisClass().asInternalName(),
                                method.methodName().stringValue(), owner, call.name().stringValue()));
                    }
                });
            }
        }
        return found;
    }

    /** By itself and by its lambdas. */
    private static List<String> typesImplementedBy(ClassModel type) {
        List<String> all = new ArrayList<>();
        type.superclass().ifPresent(each -> all.add(each.asInternalName()));
        type.interfaces().forEach(each -> all.add(each.asInternalName()));
        if (!type.flags().has(AccessFlag.ABSTRACT)) {
            all.add(type.thisClass().asInternalName());
        }
        type.methods()
                .stream()
                .flatMap(method -> method.code().stream())
                .flatMap(CodeModel::elementStream)
                .forEach(element -> {
                    if (element instanceof InvokeDynamicInstruction lambda
                            && lambda.typeSymbol().returnType().isClassOrInterface()) {
                        String descriptor = lambda.typeSymbol().returnType().descriptorString();
                        all.add(descriptor.substring(1, descriptor.length() - 1));
                    }
                });
        return all;
    }

    /** Calls without arguments of what was read from a field. */
    private static List<InvokeInstruction> callsOfFieldsInHandlers(CodeModel code) {
        List<CodeElement> elements = code.elementList();
        Map<Label, Integer> labels = new HashMap<>();
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof LabelTarget target) {
                labels.put(target.label(), i);
            }
        }
        BitSet reached = new BitSet();
        code.exceptionHandlers().forEach(each -> reach(labels.get(each.handler()), elements, labels, reached));

        List<InvokeInstruction> calls = new ArrayList<>();
        Instruction before = null;
        for (int i = 0; i < elements.size(); i++) {
            if (reached.get(i) && elements.get(i) instanceof InvokeInstruction call
                    && before instanceof FieldInstruction) {
                calls.add(call);
            }
            if (elements.get(i) instanceof Instruction instruction) {
                before = instruction;
            }
        }
        return calls;
    }

    private static void reach(int from, List<CodeElement> elements, Map<Label, Integer> labels, BitSet reached) {
        for (int i = from; i < elements.size() && !reached.get(i); i++) {
            reached.set(i);
            switch (elements.get(i)) {
                case ReturnInstruction _,ThrowInstruction _ -> {
                    return;
                }
                case BranchInstruction branch -> {
                    reach(labels.get(branch.target()), elements, labels, reached);
                    if (branch.opcode() == Opcode.GOTO) {
                        return;
                    }
                }
                case TableSwitchInstruction choice -> {
                    reach(labels.get(choice.defaultTarget()), elements, labels, reached);
                    choice.cases().forEach(each -> reach(labels.get(each.target()), elements, labels, reached));
                    return;
                }
                case LookupSwitchInstruction choice -> {
                    reach(labels.get(choice.defaultTarget()), elements, labels, reached);
                    choice.cases().forEach(each -> reach(labels.get(each.target()), elements, labels, reached));
                    return;
                }
                default -> {}
            }
        }
    }

    private interface Room {
        void close();
    }

    private static class Hall {
        void close() {}
    }

    private static final class LockedHall extends Hall {
        @Override
        void close() {}
    }

    /** Never run. */
    static final class Visit {
        private final List<String> closed = new ArrayList<>();
        private Room room = () -> closed.add("none");
        private Hall hall = new Hall();

        void bad(Runnable waiting) {
            try {
                room = () -> closed.add("other");
                waiting.run();
            } finally {
                room.close();
            }
        }

        /** Without an error: it may run the wrong method. */
        void worse(Runnable waiting, int halls) {
            try {
                hall = new LockedHall();
                waiting.run();
            } catch (IllegalStateException e) {
                switch (halls) {
                    case 1 -> closed.add("one");
                    case 2 -> closed.add("two");
                    default -> hall.close();
                }
            }
        }

        void good(Runnable waiting) {
            Room held = room;
            try {
                waiting.run();
            } finally {
                held.close();
            }
        }
    }
}
