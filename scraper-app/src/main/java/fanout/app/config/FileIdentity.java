package fanout.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Which file a path leads to, whatever its name, and whether or not the file is there yet. Stateless. */
final class FileIdentity {

    /** After so many links a system gives up, because they may form a circle. */
    private static final int MOST_LINKS = 40;

    private FileIdentity() {}

    /** Equal for two paths exactly if both lead to one file. */
    static Object of(Path path) {
        Path place = withoutLinks(path);
        return key(path).or(() -> key(place)).orElse(place);
    }

    /** What a file has in common with its other names; none if it is not there yet. */
    private static Optional<Object> key(Path path) {
        try {
            return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return Optional.empty(); // if it is there after all, opening it will fail with the reason
        }
    }

    /** The path with its links followed, which opening it would do; where a link leads need not be there. */
    private static Path withoutLinks(Path path) {
        Path absolute = path.toAbsolutePath();
        Path place = absolute.getRoot();
        Deque<Path> names = new ArrayDeque<>();
        absolute.forEach(names::add);
        for (int links = 0; !names.isEmpty();) {
            Path next = place.resolve(names.pop()).normalize();
            if (Files.isSymbolicLink(next) && links < MOST_LINKS) {
                links++;
                Path target = target(next);
                place = target.isAbsolute() ? target.getRoot() : place;
                for (int i = target.getNameCount() - 1; i >= 0; i--) {
                    names.push(target.getName(i));
                }
            } else {
                place = next;
            }
        }
        return place;
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return Path.of("."); // it cannot be followed; opening it will fail with the reason
        }
    }
}
