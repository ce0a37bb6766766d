package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.annotation.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a program can use of the library, one line per public type and member, is what {@code docs/api.txt} says. A line
 * that goes or changes breaks programs. With {@code -Dfanout.write=true} this writes the file.
 */
class SignatureTest {

    private static final Path FILE = Path.of("docs/api.txt");
    private static final Pattern TYPE = Pattern.compile("(?<![\\w.$])[a-z]\\w*(?:\\.[a-z]\\w*)*\\.[A-Z]\\w*");

    /** Types of others that a signature may name; JUnit's only next to the extension. */
    private static final Set<String> FOREIGN =
            Set.of("org.jsoup.nodes.Document", "io.micrometer.core.instrument.MeterRegistry");

    private static List<Class<?>> types() throws IOException, URISyntaxException {
        Path tests = Path.of(SignatureTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path classes = tests.resolveSibling("classes");
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> isOfAPublicPackage(name.substring(0, name.lastIndexOf('.'))))
                    .sorted()
                    .<Class<?>>map(SignatureTest::load)
                    .filter(SignatureTest::isExported)
                    .toList();
        }
    }

    private static boolean isOfAPublicPackage(String home) {
        return home.equals("fanout")
                || (home.startsWith("fanout.") && Packages.PUBLIC.contains(Packages.nameOf(home)));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, SignatureTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isExported(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && !isMarked(type, type.getName().substring(type.getPackageName().length() + 1))
                && !isMarked(type, "package-info")
                && Optional.ofNullable(type.getEnclosingClass()).map(SignatureTest::isExported).orElse(true);
    }

    /** Whether a class file next to a type's says {@link Internal}, which reflection does not see. */
    private static boolean isMarked(Class<?> type, String file) {
        try (InputStream in = type.getResourceAsStream(file + ".class")) {
            return in != null && ClassFile.of()
                    .parse(in.readAllBytes())
                    .findAttribute(Attributes.runtimeInvisibleAnnotations())
                    .stream()
                    .flatMap(marks -> marks.annotations().stream())
                    .anyMatch(mark -> mark.className().equalsString(Internal.class.descriptorString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines(Class<?> type) {
        return Stream.concat(Stream.of(type.toGenericString() + extended(type)),
                Stream.of(type.getDeclaredConstructors(), type.getDeclaredMethods(), type.getDeclaredFields())
                        .flatMap(Arrays::stream)
                        .filter(SignatureTest::isOfTheApi)
                        .map(member -> "  " + text(member))
                        .distinct()
                        .sorted());
    }

    private static String extended(Class<?> type) {
        List<String> above = Stream
                .concat(Stream.ofNullable(type.getGenericSuperclass()), Stream.of(type.getGenericInterfaces()))
                .map(java.lang.reflect.Type::getTypeName)
                .filter(name -> !name.matches("java\\.lang\\.(Object|Record|Enum<.*>)"))
                .toList();
        return above.isEmpty() ? "" : " : " + String.join(", ", above);
    }

    private static boolean isOfTheApi(Member member) {
        boolean isEnumsOwn = member instanceof Method method && method.getDeclaringClass().isEnum()
                && Set.of("values", "valueOf").contains(method.getName());
        return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0 && !member.isSynthetic()
                && !isEnumsOwn;
    }

    private static String text(Member member) {
        return switch (member) {
            case Constructor<?> constructor -> shortened(constructor);
            case Method method -> shortened(method);
            case Field field -> field.toGenericString().replace(field.getDeclaringClass().getTypeName() + ".", "");
            default -> throw new AssertionError(member);
        };
    }

    private static String shortened(Executable member) {
        String owner = member.getDeclaringClass().getTypeName() + ".";
        String whole = member.toGenericString();
        int name = whole.lastIndexOf(owner, whole.indexOf('('));
        return name < 0 ? whole : whole.substring(0, name) + whole.substring(name + owner.length());
    }

    @Test
    void fileSaysWhatAProgramCanUse() throws IOException, URISyntaxException {
        String now = String.join("\n", types().stream().flatMap(SignatureTest::lines).toList()) + "\n";
        if (Boolean.getBoolean("fanout.write")) {
            Files.writeString(FILE, now);
        }
        assertThat(Files.readString(FILE)).as("a change of the API: write it with -Dfanout.write=true").isEqualTo(now);
    }

    @Test
    void signaturesNameNoTypesOfOthersAndNoInternalOnes() throws IOException, URISyntaxException {
        List<String> wrong = types().stream()
                .flatMap(type -> lines(type).filter(line -> isForeign(type, line)).map(line -> type.getName() + line))
                .toList();

        assertThat(wrong).as("types of other libraries, and internal ones").isEmpty();
    }

    private static boolean isForeign(Class<?> type, String line) {
        return TYPE.matcher(line)
                .results()
                .map(MatchResult::group)
                .anyMatch(name -> !name.startsWith("java.") && !name.startsWith("javax.")
                        && (!name.startsWith("fanout.") || name.startsWith("fanout.internal."))
                        && !FOREIGN.contains(name)
                        && !(name.startsWith("org.junit.") && type.getPackageName().equals("fanout.leak.junit")));
    }

    /** A rule that can find nothing proves nothing. */
    @Test
    void foreignTypeIsFoundWhereverItIsNamed() {
        assertThat(lines(Foreign.class).filter(line -> isForeign(Foreign.class, line))).hasSize(4);
    }

    /** Never made. */
    public abstract static class Foreign {

        protected Foreign(List<okhttp3.Headers> ignored) {}

        public abstract com.google.re2j.Pattern pattern();

        public abstract void client(okhttp3.OkHttpClient client);

        public abstract fanout.internal.task.Ticker ticker();

        public abstract org.jsoup.nodes.Document document();
    }
}
