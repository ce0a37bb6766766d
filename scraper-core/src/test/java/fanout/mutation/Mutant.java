package fanout.mutation;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program with one bug seeded into it, so that a test that hunts for bugs can show that it finds this one. Silence
 * of a search proves something only if the same search is not silent about a mutant.
 *
 * <p>A bug is a unified diff of production code, {@code src/test/mutations/NAME.patch}; what stands before the diff
 * says which sentence of the code's promises it breaks. The patched files alone are compiled, into a folder of the
 * mutant's own.
 *
 * <p>In this JVM every {@code fanout} class, a test's included, is defined anew by {@link #load} and {@link #create},
 * and so sees the mutated classes; classes from elsewhere are shared. A JVM of its own gets {@link #classpath}.
 *
 * <p>Thread-safe. Closing deletes the folder; classes that were not loaded before cannot be loaded after.
 */
public final class Mutant implements AutoCloseable {

    private static final String SUFFIX = ".patch";

    private final String breaks;
    private final Path folder;
    private final MutantClassLoader loader;

    private Mutant(String breaks, Path folder) {
        this.breaks = breaks;
        this.folder = folder;
        this.loader = new MutantClassLoader(folder, Mutant.class.getClassLoader());
    }

    /**
     * The program with this bug.
     *
     * @throws IllegalArgumentException if there is no such patch, or it does not fit the sources, or what it makes of
     *     them does not compile
     */
    public static Mutant of(String name) {
        return of(file(name));
    }

    static SourcePatch patch(String name) {
        return SourcePatch.read(file(name));
    }

    private static Path file(String name) {
        Path patch = patches().resolve(name + SUFFIX);
        if (!Files.isRegularFile(patch)) {
            throw new IllegalArgumentException("no such patch: " + patch);
        }
        return patch;
    }

    static Path sources() {
        return module().resolve("src/main/java");
    }

    /** The program without any bug of ours, loaded as a mutant is: what a search must be silent about. */
    public static Mutant unchanged() {
        return new Mutant("nothing", newFolder());
    }

    /** The names of all seeded bugs, sorted; of those in a folder, with the folder's. */
    public static List<String> names() {
        try (Stream<Path> files = Files.walk(patches())) {
            return files.map(file -> patches().relativize(file).toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Mutant of(Path patch) {
        Path folder = newFolder();
        try {
            SourcePatch bug = SourcePatch.read(patch);
            new MutantCompiler(bug.name(), folder).compile(bug.applyTo(sources()));
            return new Mutant(bug.breaks(), folder);
        } catch (RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    /** The sentence that this mutant breaks. */
    public String breaks() {
        return breaks;
    }

    /** This class, as it is in the mutant. */
    public Class<?> load(Class<?> search) {
        try {
            return loader.loadClass(search.getName());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * A new instance of a search, as it is in the mutant, by its constructor without parameters.
     *
     * @param port how to talk to it: a type that both worlds share, that is, none of {@code fanout}
     */
    public <T> T create(Class<T> port, Class<? extends T> search) {
        try {
            var constructor = load(search).getDeclaredConstructor();
            constructor.setAccessible(true);
            return port.cast(constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The class path of this JVM with the mutated classes in front. */
    public String classpath() {
        return folder + File.pathSeparator + System.getProperty("java.class.path");
    }

    @Override
    public void close() {
        delete(folder);
    }

    private static Path patches() {
        return module().resolve("src/test/mutations");
    }

    /**
     * The folder of the module whose tests this class belongs to: two above its classes. Another module that has it as
     * a jar elsewhere says so in the system property {@code fanout.core}.
     */
    private static Path module() {
        String said = System.getProperty("fanout.core");
        if (said != null) {
            return Path.of(said);
        }
        try {
            Path classes = Path.of(Mutant.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return classes.getParent().getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("fanout-mutant-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
