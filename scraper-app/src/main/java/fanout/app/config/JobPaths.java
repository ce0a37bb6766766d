package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.terminal.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the files that a job names. An input is relative to the folder of the job file, so a job can be run from
 * anywhere. What {@code --set} names, and what a job on standard input names, is relative to the working directory, as
 * on any command line. Outputs always are. Not thread-safe.
 *
 * @param files the job file, and those that it extends, each by the name that its nodes have as their place; the job
 *     is not among them if it was not read from a file
 */
record JobPaths(Problems problems, Map<String, Path> files) {

    /** A name with a scheme that other programs take for a URL. {@code C:\out} is a path. */
    private static final Pattern URL = Pattern.compile("(?i)([a-z][a-z0-9+.-]+://|(jdbc|file|s3|gs|kafka):).*");

    /** Paths of a job that lies in no folder. */
    static JobPaths ofWorkingDirectory(Problems problems) {
        return new JobPaths(problems, new HashMap<>());
    }

    /** Adds a file that the job extends: what it names is relative to its own folder. */
    void add(String source, Path file) {
        files.putIfAbsent(source, file);
    }

    /** Returns the file that is read; empty if its name is a problem. */
    Optional<Path> input(YamlNode.Scalar node, String key) {
        return path(node, key + " ", "; an input is a file on this machine")
                .map(path -> isInJobFile(node) ? folder(node).resolve(path) : path);
    }

    /** Returns the file that is written; empty if its name is a problem. */
    Optional<Path> output(YamlNode.Scalar node) {
        return path(node, "", "; an output is a file, as in out/docs/pages.jsonl");
    }

    /** Returns why an input cannot be read, and what helps if it lies in the working directory. */
    String unreadable(YamlNode.Scalar node, String key, Path path, IOException why) {
        String reason = "cannot read " + key + " " + path + ": " + FileProblem.reason(path, why);
        Path here = Path.of(node.text());
        boolean elsewhere = why instanceof NoSuchFileException && isInJobFile(node) && Files.exists(here)
                && !here.isAbsolute();
        if (!elsewhere) {
            return reason;
        }
        Path parent = folder(node).toAbsolutePath().normalize();
        return reason + ". Input files are relative to the job file, but " + here + " lies in the working directory: "
                + "write " + parent.relativize(here.toAbsolutePath().normalize())
                + ", or move the file next to the job";
    }

    private boolean isInJobFile(YamlNode.Scalar node) {
        return files.containsKey(node.at().source());
    }

    /** Returns the folder of the file that a value stands in. */
    private Path folder(YamlNode.Scalar node) {
        return Optional.ofNullable(files.get(node.at().source())).map(Path::getParent).orElse(Path.of(""));
    }

    private Optional<Path> path(YamlNode.Scalar node, String subject, String instead) {
        String text = node.text();
        String shown = node.secret() ? "the path" : "\"" + text + "\"";
        return problems.at(node.at(), () -> {
            if (URL.matcher(text).matches()) {
                throw new IllegalArgumentException(subject + shown + " is a URL, not a path" + instead);
            }
            if (text.startsWith("~")) {
                throw new IllegalArgumentException(subject + shown + " begins with ~, which only a shell replaces; "
                        + "write ${HOME} instead, or ./~ for a name that begins so");
            }
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(subject + "is not a path: " + e.getReason(), e);
            }
        });
    }
}
