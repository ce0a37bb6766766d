package fanout.pitfalls;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Code that a compiler has looked at, for pitfalls that it can keep out. */
final class Compilation {

    private Compilation() {}

    /**
     * What the compiler has against a class of this package; empty if it compiles.
     *
     * @param name of the class
     * @param classes the source may use what lives where these do
     * @param into where class files go
     */
    static List<String> errors(String name, String source, List<Class<?>> classes, Path into) throws IOException {
        JavaCompiler compiler = requireNonNull(ToolProvider.getSystemJavaCompiler(), "tests run on a JDK");
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        String path = classes.stream().map(Compilation::location).collect(Collectors.joining(File.pathSeparator));
        List<String> options = List.of("-proc:none", "-d", into.toString(), "-classpath", path);
        try (StandardJavaFileManager files = compiler.getStandardFileManager(said, Locale.ROOT, null)) {
            compiler.getTask(null, files, said, options, null, List.of(new Source(name, source))).call();
        }
        return errors(said.getDiagnostics().stream());
    }

    private static List<String> errors(Stream<Diagnostic<? extends JavaFileObject>> said) {
        return said.filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getMessage(Locale.ROOT))
                .toList();
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A source in memory. */
    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///fanout/pitfalls/" + name + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
