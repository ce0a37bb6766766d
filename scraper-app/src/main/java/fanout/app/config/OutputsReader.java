package fanout.app.config;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.sink.Compression;
import fanout.sink.CsvStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code output}: paths, and the formats that they or the job name. */
record OutputsReader(Problems problems, JobPaths paths) {

    private static final String JSON_LINES = "jsonl";
    private static final String CSV = "csv";
    private static final Path NOWHERE = Path.of("/dev/null");

    Outputs read(Section section, String job) {
        Map<Object, String> taken = new LinkedHashMap<>();
        List<Output> pages = rows(section, "pages", job, taken);
        List<Output> items = rows(section, "items", job, taken);
        Optional<Output.File> links = section.node("links")
                .flatMap(node -> section.scalar("links").isPresent() ? section.scalar("links").flatMap(this::named)
                        : file(section.section("links")));
        links.ifPresent(file -> claim(section.at("links"), "links", file, taken));
        Output.File report = section.scalar("report")
                .flatMap(paths::output)
                .map(path -> new Output.File(path, Output.Format.JSON_LINES))
                .orElse(standard(section, "report", job));
        claim(section.at("report"), "report", report, taken);
        Optional<Path> journal = journal(section, Outputs.firstFile(pages).orElse(standard(section, "pages", job)));
        journal.map(path -> new Output.File(path, Output.Format.JSON_LINES))
                .ifPresent(output -> claim(section.at("journal"), "journal", output, taken));
        return new Outputs(pages, items, links, report, journal, section.smallInteger("keep"));
    }

    /** Next to the first file of pages, which standard output cannot take. */
    private Optional<Path> journal(Section section, Output.File pages) {
        if (section.has("journal")) {
            return section.scalar("journal").flatMap(paths::output);
        }
        // Written with null, none is wanted.
        return section.isEmpty("journal") || pages.isStandardOutput() ? Optional.empty()
                : Optional.of(pages.path().resolveSibling("crawl.journal"));
    }

    private static Output.File standard(Section section, String key, String job) {
        return new Output.File(Path.of(section.textNamedAfter(job, key)), Output.Format.JSON_LINES);
    }

    /** Reads a path, a mapping, or a list of these. Nothing else is written where one of them is. */
    private List<Output> rows(Section section, String key, String job, Map<Object, String> taken) {
        boolean isList = section.node(key).filter(YamlNode.Sequence.class::isInstance).isPresent();
        List<YamlNode> nodes = isList ? section.elements(key) : section.node(key).stream().toList();
        if (section.has(key) && section.isEmpty(key)) {
            problems.add(section.at(key), key + " is an empty list; name a destination, or take the key out");
        }
        List<Output> outputs = new ArrayList<>();
        for (YamlNode node : nodes) {
            Optional<Output.File> output = node instanceof YamlNode.Scalar scalar ? named(scalar)
                    : file(isList ? section.element(key, node).orElseThrow() : section.section(key));
            output.ifPresent(file -> claim(node.at(), Outputs.name(key, outputs.size()), file, taken));
            outputs.addAll(output.stream().toList());
        }
        if (outputs.isEmpty()) {
            Output.File standard = standard(section, key, job);
            claim(section.at(key), key, standard, taken);
            outputs.add(standard);
        }
        return outputs;
    }

    private Optional<Output.File> named(YamlNode.Scalar node) {
        return paths.output(node)
                .flatMap(path -> kind(node.at(), path)
                        .map(kind -> new Output.File(path, format(kind.rows(), CsvStyle.STANDARD),
                                kind.compression())));
    }

    private Optional<Output.File> file(Section file) {
        return file.scalar("path")
                .flatMap(paths::output)
                .flatMap(path -> file.text("format")
                        .map(format -> Kind.of(format, path))
                        .or(() -> file.has("format") ? Optional.empty() : kind(file.at("path"), path))
                        .flatMap(kind -> style(file, kind.rows())
                                .map(style -> new Output.File(path, format(kind.rows(), style), kind.compression()))));
    }

    /** What a format or an extension says, as in {@code csv.gz}. */
    private record Kind(String rows, Compression compression) {

        /** A format that names no compression leaves it to the path. */
        private static Kind of(String format, Path path) {
            Compression own = Compression.of(Path.of("." + format));
            return new Kind(format.substring(0, format.length() - own.ending().length()),
                    own == Compression.NONE ? Compression.of(path) : own);
        }
    }

    /** Returns how a table is written; of another format it says nothing. Empty if it is a problem. */
    private Optional<CsvStyle> style(Section file, String rows) {
        if (!rows.equals(CSV)) {
            Optional<String> strange = List.of("separator", "bom", "guard").stream().filter(file::has).findFirst();
            strange.ifPresent(key -> problems.add(file.keyAt(key), key + " is for CSV, and this file is " + rows
                    + "; take it out, or write format: csv"));
            return strange.isPresent() ? Optional.empty() : Optional.of(CsvStyle.STANDARD);
        }
        return file.make(() -> new CsvStyle(file.text("separator").orElseThrow().charAt(0), file.flag("bom"),
                file.flag("guard")));
    }

    private static Output.Format format(String rows, CsvStyle style) {
        return rows.equals(CSV) ? new Output.Format.Csv(style) : Output.Format.JSON_LINES;
    }

    /** By the extension; without one, as for devices and pipes, JSON Lines. */
    private Optional<Kind> kind(DocumentPosition at, Path path) {
        String name = String.valueOf(path.getFileName());
        Compression compression = Compression.of(path);
        String rest = name.substring(0, name.length() - compression.ending().length());
        int dot = rest.lastIndexOf('.');
        String rows = dot >= 0 ? rest.substring(dot + 1) : compression == Compression.NONE ? JSON_LINES : "";
        if (!rows.equals(JSON_LINES) && !rows.equals(CSV)) {
            problems.add(at, "\"" + path + "\" must end in .jsonl or .csv, with .gz or .zst behind it if it is to be "
                    + "compressed; for another name write {path: …, format: jsonl}");
            return Optional.empty();
        }
        return Optional.of(new Kind(rows, compression));
    }

    private void claim(DocumentPosition at, String key, Output.File output, Map<Object, String> taken) {
        Object file = FileIdentity.of(output.isStandardOutput() ? Output.File.DEVICE : output.path());
        boolean discarded = !output.isStandardOutput() && file.equals(FileIdentity.of(NOWHERE));
        String other = discarded ? null : taken.putIfAbsent(file, key);
        if (other != null) {
            problems.add(at, key + " and " + other + " are both written to \"" + output.path() + "\"");
        }
    }

    /** Finds which file a path leads to, whatever its name, and whether or not the file is there yet. */
    private static final class FileIdentity {

        /** After so many links a system gives up, because they may form a circle. */
        private static final int MOST_LINKS = 40;

        private FileIdentity() {}

        /** Returns what is equal for two paths exactly if both lead to one file. */
        private static Object of(Path path) {
            Path place = withoutLinks(path);
            return key(path).or(() -> key(place)).orElse(place);
        }

        /** Returns what a file has in common with its other names; empty if it is not there yet. */
        private static Optional<Object> key(Path path) {
            try {
                return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
            } catch (IOException e) {
                return Optional.empty(); // if it is there after all, opening it will fail with the reason
            }
        }

        /**
         * Returns the path with its links followed, which opening it would do; where a link leads need not be there.
         */
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
}
