package fanout.mutation;

import java.net.URI;
import java.nio.charset.StandardCharsets;
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
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles sources against the class path of this JVM, without the checkers of the build: a bug must pass. The
 * libraries are opened once in a JVM, because that takes longer than to compile a mutant.
 */
final class MutantCompiler {

    private static final JavaCompiler COMPILER =
            Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "needs a JDK, not only a JRE");
    private static final StandardJavaFileManager FILES =
            COMPILER.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
    private static final String RELEASE = String.valueOf(Runtime.version().feature());

    private final String name;
    private final Path folder;

    MutantCompiler(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /**
     * Compiles these texts, by file name below the source folder. One thread at a time does: a file manager is one
     * thread's.
     */
    void compile(Map<String, String> sources) {
        List<String> options = List.of("--source", RELEASE, "--enable-preview", "-proc:none", "-parameters", "-g",
                "-Xlint:none", "-classpath", System.getProperty("java.class.path"), "-d", folder.toString());
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<Source> units = sources.entrySet().stream().map(e -> new Source(e.getKey(), e.getValue())).toList();
        boolean compiled;
        synchronized (FILES) {
            compiled = COMPILER.getTask(null, FILES, diagnostics, options, null, units).call();
        }
        if (!compiled) {
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
