package fanout.mutation;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles sources against the class path of this JVM, without the checkers of the build: a bug must pass. */
final class MutantCompiler {

    private final String name;
    private final Path folder;
    private final JavaCompiler compiler;

    MutantCompiler(String name, Path folder) {
        this.name = name;
        this.folder = folder;
        this.compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "needs a JDK, not only a JRE");
    }

    /** Compiles these texts, by file name below the source folder. */
    void compile(Map<String, String> sources) {
        List<String> options = List.of("--release", "25", "--enable-preview", "-proc:none", "-parameters", "-g",
                "-Xlint:none", "-classpath", System.getProperty("java.class.path"), "-d", folder.toString());
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<Source> units = sources.entrySet().stream().map(e -> new Source(e.getKey(), e.getValue())).toList();
        if (!compiler.getTask(null, null, diagnostics, options, null, units).call()) {
            throw new IllegalArgumentException(name + ".patch does not compile:\n" + diagnostics.getDiagnostics()
                    .stream()
                    .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                    .map(problem -> problem.getSource() + ":" + problem.getLineNumber() + ": "
                            + problem.getMessage(Locale.ROOT))
                    .collect(Collectors.joining("\n")));
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
