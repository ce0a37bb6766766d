package fanout.app.terminal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a file cannot be read or written, in words. The JDK says it by the class of an exception, or as the system does.
 */
public final class FileProblem {

    private FileProblem() {}

    /** The reason alone; it names another file, as a folder on the way, if that is the cause. */
    public static String reason(Path path, IOException e) {
        if (!(e instanceof FileSystemException problem)) {
            return sentence(e, e.getMessage());
        }
        Optional<Path> blocking = fileOnTheWay(path);
        if (blocking.isPresent()) {
            return blocking.get() + " is a file, not a directory";
        }
        String other = problem.getFile();
        boolean elsewhere = other != null && !Path.of(other).toAbsolutePath().equals(path.toAbsolutePath());
        return switch (problem) {
            case NoSuchFileException _ -> at(elsewhere, other) + "no such file or directory";
            case AccessDeniedException _ -> at(elsewhere, other) + "permission denied";
            default -> at(elsewhere, other) + sentence(e, problem.getReason());
        };
    }

    /** The nearest parent that exists, if it is no folder; the JDK has three exceptions for that. */
    private static Optional<Path> fileOnTheWay(Path path) {
        Path parent = path.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return Optional.ofNullable(parent).filter(existing -> !Files.isDirectory(existing));
    }

    private static String at(boolean elsewhere, @Nullable String other) {
        return elsewhere ? other + ": " : "";
    }

    /** The system's words as a part of our sentence: "Is a directory" becomes "it is a directory". */
    private static String sentence(IOException e, @Nullable String said) {
        if (said == null || said.isBlank()) {
            return e.getClass().getSimpleName();
        }
        boolean isWord = said.length() > 1 && Character.isLowerCase(said.charAt(1));
        String words = isWord ? said.substring(0, 1).toLowerCase(Locale.ROOT) + said.substring(1) : said;
        return words.startsWith("is ") ? "it " + words : words;
    }
}
