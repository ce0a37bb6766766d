import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps a CronJob's volume from filling for ever: {@code Runs FOLDER KEEP RUN} deletes the oldest folders of earlier
 * runs, before the run of that name begins, so KEEP are left with it. The latest earlier run with a page that is ok is
 * kept whatever its age: a site may be down for longer than KEEP runs. Only folders that are named as RUN is, except
 * for the digits at its end, are of its runs; everything else in the folder stays. What cannot be deleted is said, and
 * does not keep the run from beginning: the exit code is 0 unless the arguments are wrong.
 */
final class Runs {

    /** In a report, of the crawl; robots.txt and sitemaps have counts of their own. */
    private static final Pattern OK = Pattern.compile("\"accounting\"\\s*:\\s*\\{[^}]*\"ok\"\\s*:\\s*[1-9]");

    private static final Pattern NAME = Pattern.compile("(.*-)([0-9]+)");

    private Runs() {}

    public static void main(String[] arguments) {
        if (arguments.length != 3 || !arguments[1].matches("[1-9][0-9]{0,5}")
                || !NAME.matcher(arguments[2]).matches()) {
            System.out.println("usage: Runs FOLDER KEEP RUN, where RUN ends with - and digits");
            System.exit(2);
        }
        try {
            tidy(Path.of(arguments[0]), Integer.parseInt(arguments[1]), arguments[2]);
        } catch (IOException e) {
            System.out.println("earlier runs were not deleted: " + e);
        }
    }

    private static void tidy(Path folder, int keep, String run) throws IOException {
        String prefix = NAME.matcher(run).replaceFirst("$1");
        List<Path> earlier;
        try (Stream<Path> all = Files.list(folder)) {
            earlier = new ArrayList<>(all.filter(path -> isOther(path, prefix, run))
                    .sorted(Comparator.comparing((Path path) -> number(path, prefix)).reversed())
                    .toList());
        }
        List<Path> old = earlier.subList(Math.min(keep - 1, earlier.size()), earlier.size());
        boolean goodIsKept = false;
        for (Path path : earlier.subList(0, earlier.size() - old.size())) {
            goodIsKept |= isGood(path);
        }
        for (Path path : old) {
            if (!goodIsKept && isGood(path)) {
                goodIsKept = true;
                System.out.println("kept the last good run " + path);
            } else {
                delete(path);
            }
        }
    }

    private static boolean isOther(Path path, String prefix, String run) {
        String name = path.getFileName().toString();
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && !name.equals(run) && name.startsWith(prefix)
                && name.substring(prefix.length()).matches("[0-9]+");
    }

    private static BigInteger number(Path path, String prefix) {
        return new BigInteger(path.getFileName().toString().substring(prefix.length()));
    }

    private static boolean isGood(Path run) {
        try {
            return OK.matcher(Files.readString(run.resolve("report.json"))).find();
        } catch (IOException e) {
            return false; // a run without a report did not end
        }
    }

    private static void delete(Path run) {
        try {
            Files.walkFileTree(run, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException problem) throws IOException {
                    if (problem != null) {
                        throw problem;
                    }
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
            System.out.println("deleted the run " + run);
        } catch (IOException e) {
            System.out.println("cannot delete the run " + run + ": " + e);
        }
    }
}
