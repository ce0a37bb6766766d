package fanout.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Defines every {@code fanout} class again: from the mutant's folder if it is there, else from the same class file as
 * its parent does. All in one loader, because package-private access ends at a loader's border; jsoup's with them,
 * since one class of ours is in a package of jsoup's, and calls both.
 *
 * <p>The classes have no code source. Coverage is not measured for such, which is wanted: a mutant's lines could not be
 * told from the program's, and a search that explores every access to memory would explore the probes.
 */
final class MutantClassLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final Path folder;
    private final ClassLoader parent;

    MutantClassLoader(Path folder, ClassLoader parent) {
        super("mutant", parent);
        this.folder = folder;
        this.parent = parent;
        setDefaultAssertionStatus(true);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("fanout.") && !name.startsWith("org.jsoup.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        Path mutated = folder.resolve(file);
        try (InputStream in =
                Files.exists(mutated) ? Files.newInputStream(mutated) : parent.getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
