package fanout.app.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code output}: paths, and the formats that they or the job name. */
final class OutputsReader {

    private static final List<String> FORMATS = List.of("jsonl", "csv");
    private static final Path NOWHERE = Path.of("/dev/null");

    private final Problems problems;

    OutputsReader(Problems problems) {
        this.problems = problems;
    }

    Outputs read(Section section, String job) {
        Output pages = output(section, "pages").orElse(standard(job, "pages.jsonl"));
        Output items = output(section, "items").orElse(standard(job, "items.jsonl"));
        Output report = section.text("report")
                .flatMap(text -> path(section.at("report"), text))
                .map(path -> new Output(path, Output.Format.JSON_LINES))
                .orElse(standard(job, "report.json"));
        Map<Path, String> taken = new LinkedHashMap<>();
        claim(section, "pages", pages, taken);
        claim(section, "items", items, taken);
        claim(section, "report", report, taken);
        return new Outputs(pages, items, report);
    }

    private static Output standard(String job, String file) {
        boolean usable = job.matches("[A-Za-z0-9_-]+"); // if not, the name itself is a problem that was told
        return new Output(Path.of("out", usable ? job : "unnamed", file), Output.Format.JSON_LINES);
    }

    private Optional<Output> output(Section section, String key) {
        return section.node(key).flatMap(node -> {
            if (!(node instanceof YamlNode.Mapping mapping)) {
                return section.text(node, key)
                        .flatMap(text -> path(node.at(), text))
                        .flatMap(path -> format(node.at(), path).map(format -> new Output(path, format)));
            }
            try (Section file = new Section(mapping, problems)) {
                Optional<String> named = file.word("format", FORMATS);
                Optional<Path> path = file.text("path").flatMap(text -> path(file.at("path"), text));
                if (file.node("path").isEmpty()) {
                    problems.add(mapping.at(), "path is missing");
                }
                return path.flatMap(where -> named.map(OutputsReader::format)
                        .or(() -> format(file.at("path"), where))
                        .map(format -> new Output(where, format)));
            }
        });
    }

    private Optional<Path> path(Position at, String text) {
        if (text.isBlank()) {
            problems.add(at, "a path must not be empty");
            return Optional.empty();
        }
        return problems.at(at, () -> Path.of(text));
    }

    private static Output.Format format(String name) {
        return name.equals("csv") ? Output.Format.CSV : Output.Format.JSON_LINES;
    }

    /** By the extension; without one, as for devices and pipes, JSON Lines. */
    private Optional<Output.Format> format(Position at, Path path) {
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? "jsonl" : name.substring(dot + 1);
        if (!FORMATS.contains(extension)) {
            problems.add(at, path + " must end in .jsonl or .csv; for another name write {path: …, format: jsonl}");
            return Optional.empty();
        }
        return Optional.of(format(extension));
    }

    private void claim(Section section, String key, Output output, Map<Path, String> taken) {
        Path place = output.isStandardOutput() ? Output.STANDARD_OUTPUT : place(output.path());
        String other = place.equals(NOWHERE) ? null : taken.putIfAbsent(place, key);
        if (other != null) {
            problems.add(section.at(key), key + " and " + other + " are both written to " + output.path());
        }
    }

    /** Where a path leads, links followed as far as they exist. */
    private static Path place(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        for (Path known = absolute; known != null; known = known.getParent()) {
            if (Files.exists(known)) {
                try {
                    return known.toRealPath().resolve(known.relativize(absolute)).normalize();
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot follow " + known, e);
                }
            }
        }
        return absolute;
    }
}
