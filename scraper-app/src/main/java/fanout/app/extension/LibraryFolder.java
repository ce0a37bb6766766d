package fanout.app.extension;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A folder with jars next to those of the program, as {@code lib/postgresql}. They are not on the class path: only a
 * crawl that needs them loads classes from there, and another starts as quickly as without them.
 *
 * @param path where it lies, whether it is there or not
 */
public record LibraryFolder(Path path) {

    /** The folder of a name, next to the jar of this class; in a build, next to the folder of its classes. */
    public static LibraryFolder named(String name) {
        return new LibraryFolder(home().resolve(name));
    }

    private static Path home() {
        CodeSource source = Objects.requireNonNull(LibraryFolder.class.getProtectionDomain().getCodeSource());
        try {
            return Objects.requireNonNull(Path.of(source.getLocation().toURI()).toAbsolutePath().getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the program's jar lies nowhere: " + source.getLocation(), e);
        }
    }

    /**
     * Returns what loads its classes, and those of the program first. It stays open: classes are loaded until the
     * process ends.
     *
     * @throws IOException if the folder cannot be read
     */
    @SuppressWarnings("resource") // as it says
    public ClassLoader loader() throws IOException {
        return new URLClassLoader("lib/" + path.getFileName(), jars().toArray(URL[]::new),
                LibraryFolder.class.getClassLoader());
    }

    /** In the order of their names; none if the folder is missing. */
    private List<URL> jars() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, "*.jar")) {
            found.forEach(files::add);
        }
        List<URL> jars = new ArrayList<>();
        for (Path file : files.stream().sorted().toList()) {
            jars.add(url(file));
        }
        return jars;
    }

    private static URL url(Path file) throws MalformedURLException {
        return file.toUri().toURL();
    }
}
