package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The pages that people read: those of {@code docs/}, and every other Markdown file of the project. */
public final class Docs {

    public static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Set<String> NOT_OURS = Set.of("node_modules", "out", ".git");

    /** A block of code on a page, with its language. */
    record Block(Path page, String language, String text) {

        private static final Pattern FENCED = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");

        static List<Block> of(Path page) {
            return FENCED.matcher(read(page))
                    .results()
                    .map(block -> new Block(page, block.group(1), block.group(2)))
                    .toList();
        }
    }

    /** The part of a page that a test makes, between two marks. */
    public record Part(String page, String begin, String end) {

        /** Compares what is there with this, or with {@code -Dfanout.write=true} writes it. */
        public void isWritten(String text) throws IOException {
            Path file = ROOT.resolve("docs").resolve(page);
            String all = read(file);
            int from = all.indexOf(begin) + begin.length();
            int to = all.indexOf(end);
            assertThat(from).as("the marks of the part are in " + page)
                    .isGreaterThanOrEqualTo(begin.length())
                    .isLessThanOrEqualTo(to);
            if (Boolean.getBoolean("fanout.write")) {
                Files.writeString(file, all.substring(0, from) + text + all.substring(to));
            } else {
                assertThat(all.substring(from, to)).as(page + "; write it again as CONTRIBUTING.md says")
                        .isEqualTo(text);
            }
        }
    }

    private Docs() {}

    /** Returns what a page of {@code docs/} says. */
    public static String text(String page) {
        return read(ROOT.resolve("docs").resolve(page));
    }

    /** Returns all Markdown files of the project. */
    static List<Path> pages() throws IOException {
        return files(".md");
    }

    /** Returns all files of the project whose names end so, except what is built. */
    static List<Path> files(String ending) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                return name.startsWith("target") || NOT_OURS.contains(name)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files.stream().sorted().toList();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
